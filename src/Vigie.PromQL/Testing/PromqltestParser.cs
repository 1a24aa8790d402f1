using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>Reads a script of the load/eval language. A block ends at a blank line or a comment.</summary>
public sealed partial class PromqltestParser
{
    readonly string _fileName;
    readonly string[] _lines;
    int _next;

    PromqltestParser(string fileName, string text)
    {
        _fileName = fileName;
        _lines = text.Split('\n');
        for (int i = 0; i < _lines.Length; i++)
        {
            string line = _lines[i].Trim();
            _lines[i] = line.StartsWith('#') ? "" : line;
        }
    }

    /// <param name="fileName">For messages.</param>
    /// <exception cref="PromqltestSyntaxException">The script cannot be read; the message names file and line.</exception>
    public static PromqltestScript Parse(string fileName, string text)
    {
        var parser = new PromqltestParser(fileName, text);
        var commands = ImmutableArray.CreateBuilder<PromqltestCommand>();
        while (parser._next < parser._lines.Length)
        {
            string line = parser._lines[parser._next++];
            if (line.Length > 0) commands.Add(parser.ParseCommand(line));
        }
        return new PromqltestScript(fileName, commands.ToImmutable());
    }

    PromqltestCommand ParseCommand(string line)
    {
        string word = line.Split([' ', '\t'], 2)[0].ToLowerInvariant();
        if (word == "clear") return new ClearCommand(_next);
        if (word.StartsWith("load", StringComparison.Ordinal)) return ParseLoad(line);
        if (word.StartsWith("eval", StringComparison.Ordinal)) return ParseEval(line);
        throw Error($"found {GoText.Quote(line)}, expected clear, load or eval");
    }

    // ---- load ----

    LoadCommand ParseLoad(string line)
    {
        int start = _next;
        var match = LoadPattern().Match(line);
        if (!match.Success) throw Error("expected: load <step>");
        if (!GoDuration.TryParseMs(match.Groups["step"].Value, out long stepMs, out string? problem))
            throw Error($"invalid step definition: {problem}");
        var series = ImmutableArray.CreateBuilder<LoadedSeries>();
        ImmutableArray<long?> startTimestamps = [];
        while (TryBlockLine(out string entry))
        {
            if (StartTimestampsPattern().Match(entry) is { Success: true } given)
            {
                startTimestamps = ParseStartTimestamps(given.Groups["items"].Value);
                continue;
            }
            series.Add(new LoadedSeries(ParseSeries(entry), startTimestamps));
            startTimestamps = [];
        }
        return new LoadCommand(start, stepMs, match.Groups["nhcb"].Success, series.ToImmutable());
    }

    /// <summary><c>_</c>, <c>_xN</c>, <c>D</c>, <c>DxN</c>, <c>D+DxN</c>, <c>D-DxN</c>, relative to the sample.</summary>
    ImmutableArray<long?> ParseStartTimestamps(string text)
    {
        var values = ImmutableArray.CreateBuilder<long?>();
        foreach (string item in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var match = StartTimestampItemPattern().Match(item);
            if (!match.Success) throw Error($"found start timestamp {GoText.Quote(item)}, expected a duration such as -1m");
            bool repeated = match.Groups["count"].Success;
            int count = repeated ? int.Parse(match.Groups["count"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (match.Groups["blank"].Success)
            {
                for (int i = 0; i < (repeated ? count : 1); i++) values.Add(null);
                continue;
            }
            long valueMs = SignedMs(match.Groups["value"].Value);
            long deltaMs = match.Groups["delta"].Success ? SignedMs(match.Groups["delta"].Value) : 0;
            for (int i = 0; i <= count; i++) values.Add(valueMs + i * deltaMs);
        }
        return values.ToImmutable();
    }

    // ---- eval ----

    EvalCommand ParseEval(string line)
    {
        int start = _next;
        var expectation = new EvalExpectation();
        Match match;
        EvalGrid grid;
        if ((match = InstantPattern().Match(line)).Success)
        {
            long atMs = SignedMs(match.Groups["at"].Value);
            grid = new EvalGrid(atMs, atMs, 0);
        }
        else if ((match = RangePattern().Match(line)).Success) grid = ParseGrid(match);
        else throw Error("expected: eval instant at <time> <expression>, or eval range from <start> to <end> step <step> <expression>");

        switch (match.Groups["mode"].Value.ToLowerInvariant())
        {
            case "_fail": expectation = expectation with { Fails = true }; break;
            case "_warn": expectation = expectation with { Warnings = new AnnotationExpectation { Some = true } }; break;
            case "_info": expectation = expectation with { Infos = new AnnotationExpectation { Some = true } }; break;
            case "_ordered": expectation = expectation with { Ordered = true }; break;
        }
        while (TryBlockLine(out string entry)) expectation = AddExpectation(expectation, entry);
        return new EvalCommand(start, match.Groups["expr"].Value, grid, expectation);
    }

    EvalGrid ParseGrid(Match match)
    {
        var (from, to) = (SignedMs(match.Groups["from"].Value), SignedMs(match.Groups["to"].Value));
        long stepMs = SignedMs(match.Groups["step"].Value);
        if (to < from) throw Error("the range ends before it starts");
        if (stepMs <= 0) throw Error("the step must be positive");
        return new EvalGrid(from, to, stepMs);
    }

    EvalExpectation AddExpectation(EvalExpectation expectation, string line)
    {
        if (OldFailurePattern().Match(line) is { Success: true } old)
        {
            return expectation with
            {
                Fails = true,
                Failure = new TextExpectation(old.Groups["text"].Value.Trim(), old.Groups["kind"].Value == "regexp"),
            };
        }
        if (line.StartsWith("expect ", StringComparison.Ordinal) || line.StartsWith("expect\t", StringComparison.Ordinal))
            return AddDirective(expectation, line);
        if (PromQLNumber.TryParse(line.TrimStart('+', '-'), out double magnitude))
            return expectation with { Scalar = line.StartsWith('-') ? -magnitude : magnitude };
        return expectation with { Series = expectation.Series.Add((_next, ParseSeries(line))) };
    }

    EvalExpectation AddDirective(EvalExpectation expectation, string line)
    {
        var match = ExpectPattern().Match(line);
        if (!match.Success)
            throw Error($"found {GoText.Quote(line)}, expected fail, warn, info, no_warn, no_info, ordered, string or range vector");
        TextExpectation? text = match.Groups["form"].Success
            ? new TextExpectation(match.Groups["text"].Value.Trim(), match.Groups["form"].Value == "regex")
            : null;
        switch (match.Groups["what"].Value)
        {
            case "fail": return expectation with { Fails = true, Failure = text };
            case "warn": return expectation with { Warnings = With(expectation.Warnings, text) };
            case "info": return expectation with { Infos = With(expectation.Infos, text) };
            case "no_warn": return expectation with { Warnings = expectation.Warnings with { None = true } };
            case "no_info": return expectation with { Infos = expectation.Infos with { None = true } };
            case "ordered": return expectation with { Ordered = true };
            case "string": return expectation with { Text = Unquote(match.Groups["rest"].Value.Trim()) };
            default:
                var range = RangeVectorPattern().Match(line);
                if (!range.Success) throw Error("expected: expect range vector from <start> to <end> step <step>");
                return expectation with { RangeVector = ParseGrid(range) };
        }
    }

    static AnnotationExpectation With(AnnotationExpectation annotations, TextExpectation? text) =>
        annotations with { Some = true, Texts = text is null ? annotations.Texts : annotations.Texts.Add(text) };

    // ---- Pieces ----

    /// <summary>The next line of the current block; false at its end.</summary>
    bool TryBlockLine(out string line)
    {
        line = _next < _lines.Length ? _lines[_next] : "";
        if (line.Length == 0) return false;
        _next++;
        return true;
    }

    SeriesDescription ParseSeries(string line)
    {
        try
        {
            return SeriesNotation.Parse(line);
        }
        catch (PromQLParseException problem)
        {
            throw Error($"{problem.Message} in {GoText.Quote(line)}");
        }
    }

    string Unquote(string literal)
    {
        try
        {
            return GoText.Unquote(literal);
        }
        catch (FormatException)
        {
            throw Error($"found {literal}, expected a quoted string");
        }
    }

    long SignedMs(string text)
    {
        string duration = text.StartsWith('+') ? text[1..] : text;
        if (duration is "-0") duration = "0";
        return GoDuration.TryParseSignedMs(duration, out long ms, out string? problem) ? ms : throw Error($"invalid time: {problem}");
    }

    PromqltestSyntaxException Error(string problem) => new(_fileName, _next, problem);

    [GeneratedRegex(@"^load(?<nhcb>_with_nhcb)?\s+(?<step>\S+)$", RegexOptions.IgnoreCase)]
    private static partial Regex LoadPattern();

    [GeneratedRegex(@"^\S.*@st\s+(?<items>.+)$")]
    private static partial Regex StartTimestampsPattern();

    [GeneratedRegex(@"^(?:(?<blank>_)|(?<value>[-+]?\d\w*?)(?<delta>[-+]\d\w*?)?)(?:x(?<count>\d+))?$")]
    private static partial Regex StartTimestampItemPattern();

    [GeneratedRegex(@"^eval(?<mode>_\w+)?\s+instant\s+at\s+(?<at>\S+)\s+(?<expr>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex InstantPattern();

    [GeneratedRegex(@"^eval(?<mode>_\w+)?\s+range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)\s+(?<expr>.+)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"^expected_fail_(?:message|(?<kind>regexp))\s+(?<text>.*)$")]
    private static partial Regex OldFailurePattern();

    [GeneratedRegex(@"^expect\s+(?<what>fail|warn|info|no_warn|no_info|ordered|string|range vector)"
        + @"(?:\s+(?<form>msg|regex):(?<text>.*)|(?<rest>\s.*)?)$")]
    private static partial Regex ExpectPattern();

    [GeneratedRegex(@"^expect\s+range\s+vector\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)$")]
    private static partial Regex RangeVectorPattern();
}
