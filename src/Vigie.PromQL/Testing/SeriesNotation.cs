using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>
/// Parses the series notation of promqltest scripts and rule unit tests
/// (prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules, "series").
/// </summary>
public static class SeriesNotation
{
    /// <summary>Most positions a description may expand to.</summary>
    public const int ValuesMax = 10_000_000;

    /// <exception cref="PromQLParseException">Not a series description.</exception>
    public static SeriesDescription Parse(string text)
    {
        var (labels, end) = new ExpressionParser(text, ParserOptions.Default).ParseMetricPrefix();
        return new SeriesDescription(labels, ParseValues(text, end));
    }

    /// <summary>Parses only the values of a description, as rule unit tests write them in a field of their own.</summary>
    /// <exception cref="PromQLParseException">Not a sequence of values.</exception>
    public static ImmutableArray<SequenceValue> ParseValues(string text) => ParseValues(text, 0);

    static ImmutableArray<SequenceValue> ParseValues(string text, int start)
    {
        var values = ImmutableArray.CreateBuilder<SequenceValue>();
        var scanner = new NotationScanner(text, start);
        bool first = true;
        while (true)
        {
            bool spaced = scanner.SkipSpace();
            if (scanner.AtEnd) return values.ToImmutable();
            if (!spaced && !(first && start == 0)) throw scanner.Unexpected("series values");
            first = false;
            ParseItem(scanner, values);
        }
    }

    static void ParseItem(NotationScanner scanner, ImmutableArray<SequenceValue>.Builder values)
    {
        if (scanner.Accept('_'))
        {
            int count = scanner.Accept('x') ? scanner.Count() : 1;
            Repeat(scanner, values, SequenceValue.Omitted, count);
        }
        else if (scanner.Accept("{{")) ParseHistogramItem(scanner, values);
        else if (scanner.AcceptWord("stale"))
            Repeat(scanner, values, SequenceValue.Of(StaleMarker.Value), scanner.Accept('x') ? scanner.Count() + 1 : 1);
        else ParseNumberItem(scanner, values);
    }

    static void ParseNumberItem(NotationScanner scanner, ImmutableArray<SequenceValue>.Builder values)
    {
        double value = scanner.SignedNumber("series values");
        double delta = 0;
        int repeats = 0;
        if (scanner.Peek is '+' or '-')
        {
            delta = scanner.SignedNumber("series values");
            if (!scanner.Accept('x')) throw scanner.Unexpected("series values");
            repeats = scanner.Count();
        }
        else if (scanner.Accept('x')) repeats = scanner.Count();
        CheckSize(scanner, values.Count, repeats);
        for (int i = 0; i <= repeats; i++)
        {
            values.Add(SequenceValue.Of(value));
            value += delta;
        }
    }

    static void ParseHistogramItem(NotationScanner scanner, ImmutableArray<SequenceValue>.Builder values)
    {
        var value = HistogramNotation.Parse(scanner);
        bool adds = scanner.Accept("+{{"), subtracts = !adds && scanner.Accept("-{{");
        if (!adds && !subtracts)
        {
            Repeat(scanner, values, value, scanner.Accept('x') ? scanner.Count() + 1 : 1);
            return;
        }
        var delta = HistogramNotation.Parse(scanner);
        if (!scanner.Accept('x')) throw scanner.Unexpected("series values");
        int repeats = scanner.Count();
        CheckSize(scanner, values.Count, repeats);
        // The hint of the increment decides whether the hints of all are compared, as in the reference.
        values.Add(value with { HintGiven = delta.HintGiven });
        var current = value.Histogram!;
        for (int i = 1; i <= repeats; i++)
        {
            if (current.Schema > delta.Histogram!.Schema)
            {
                throw scanner.Error(
                    $"error combining histograms: cannot merge from schema {delta.Histogram.Schema} to {current.Schema}");
            }
            current = current.Copy();
            var outcome = adds ? current.Add(delta.Histogram) : current.Subtract(delta.Histogram);
            if (!outcome.Compatible) throw scanner.Error("error combining histograms: cannot mix custom and exponential buckets");
            values.Add(new SequenceValue(0, current, false, delta.HintGiven));
        }
    }

    static void Repeat(NotationScanner scanner, ImmutableArray<SequenceValue>.Builder values, SequenceValue value, int count)
    {
        CheckSize(scanner, values.Count, count);
        for (int i = 0; i < count; i++) values.Add(value);
    }

    static void CheckSize(NotationScanner scanner, int present, int added)
    {
        if ((long)present + added > ValuesMax) throw scanner.Error($"series expands to more than {ValuesMax} values");
    }
}
