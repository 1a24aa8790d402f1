using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>
/// The part of the series notation between <c>{{</c> and <c>}}</c>: a native histogram as <c>key:value</c> pairs in any order.
/// </summary>
static class HistogramNotation
{
    const string Construct = "histogram description";

    /// <summary>Parses from behind the opening braces to behind the closing ones.</summary>
    public static SequenceValue Parse(NotationScanner scanner)
    {
        var histogram = new FloatHistogram();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int positiveOffset = 0, negativeOffset = 0;
        if (scanner.SkipSpace() && scanner.Peek != '}') throw scanner.Unexpected(Construct, "\"}}\"");
        while (!scanner.Accept("}}"))
        {
            string key = scanner.Word();
            if (key.Length == 0) throw scanner.Unexpected(Construct, "histogram description key, e.g. buckets:[5 10 7]");
            if (!scanner.Accept(':')) throw scanner.Error("missing `:` for histogram descriptor");
            if (!seen.Add(key)) throw scanner.Error($"duplicate key {GoText.Quote(key)} in histogram");
            switch (key)
            {
                case "schema": histogram.Schema = scanner.SignedInteger(); break;
                case "sum": histogram.Sum = scanner.SignedNumber(Construct); break;
                case "count": histogram.Count = scanner.SignedNumber(Construct); break;
                case "z_bucket": histogram.ZeroCount = scanner.SignedNumber(Construct); break;
                case "z_bucket_w": histogram.ZeroThreshold = scanner.SignedNumber(Construct); break;
                case "custom_values": histogram.CustomValues = Numbers(scanner); break;
                case "buckets": histogram.PositiveBuckets = Numbers(scanner); break;
                case "offset": positiveOffset = scanner.SignedInteger(); break;
                case "n_buckets": histogram.NegativeBuckets = Numbers(scanner); break;
                case "n_offset": negativeOffset = scanner.SignedInteger(); break;
                case "counter_reset_hint": histogram.CounterResetHint = Hint(scanner); break;
                default: throw scanner.Error($"bad histogram descriptor found: {GoText.Quote(key)}");
            }
            if (!scanner.SkipSpace() && scanner.Peek != '}') throw scanner.Unexpected(Construct, "\" \" or \"}}\"");
        }
        histogram.PositiveSpans = SpanOf(positiveOffset, histogram.PositiveBuckets);
        histogram.NegativeSpans = SpanOf(negativeOffset, histogram.NegativeBuckets);
        return new SequenceValue(0, histogram, false, seen.Contains("counter_reset_hint"));
    }

    static HistogramSpan[] SpanOf(int offset, double[] buckets) => buckets.Length == 0 ? [] : [new HistogramSpan(offset, buckets.Length)];

    static double[] Numbers(NotationScanner scanner)
    {
        if (!scanner.Accept('[')) throw scanner.Unexpected(Construct, "\"[\"");
        var numbers = new List<double> { scanner.SignedNumber(Construct) };
        while (!scanner.Accept(']'))
        {
            if (!scanner.SkipSpace()) throw scanner.Unexpected(Construct, "\" \" or \"]\"");
            if (scanner.Peek != ']') numbers.Add(scanner.SignedNumber(Construct));
        }
        return [.. numbers];
    }

    static CounterResetHint Hint(NotationScanner scanner)
    {
        string word = scanner.Word();
        return word switch
        {
            "unknown" => CounterResetHint.Unknown,
            "reset" => CounterResetHint.CounterReset,
            "not_reset" => CounterResetHint.NotCounterReset,
            "gauge" => CounterResetHint.Gauge,
            _ => throw scanner.Error($"bad histogram descriptor found: {GoText.Quote(word)}"),
        };
    }
}
