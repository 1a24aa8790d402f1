using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Vigie.Protocols.Exposition;

// OpenMetrics text: exactly one blank between tokens, no comments, exemplars, timestamps in seconds, "# EOF" at the end.
public ref partial struct ExpositionReader
{
    const string NoEnd = "data does not end with # EOF";

    ExpositionEntry ReadOpenMetrics()
    {
        StartEntry();
        var token = NextOpenMetrics();
        switch (token)
        {
            case ExpositionToken.EndWord:
                return NextOpenMetrics() == ExpositionToken.EndOfPage ? ExpositionEntry.End : throw Problem("unexpected data after # EOF");
            case ExpositionToken.EndOfPage:
                throw Problem(NoEnd);
            case ExpositionToken.Help or ExpositionToken.Type or ExpositionToken.Unit:
                return ReadOpenMetricsMetadata(token);
            case ExpositionToken.BraceOpen:
                _seriesStart = _tokenStart;
                ReadLabelPairs(exemplar: false);
                _seriesEnd = _position;
                ReadOpenMetricsSample(NextOpenMetrics());
                return ExpositionEntry.Sample;
            case ExpositionToken.MetricName:
                (_nameStart, _nameEnd) = (_tokenStart, _position);
                (_seriesStart, _seriesEnd) = (_tokenStart, _position);
                token = NextOpenMetrics();
                if (token == ExpositionToken.BraceOpen)
                {
                    ReadLabelPairs(exemplar: false);
                    _seriesEnd = _position;
                    token = NextOpenMetrics();
                }
                ReadOpenMetricsSample(token);
                return ExpositionEntry.Sample;
            default:
                throw Unexpected("expected a valid start token", token);
        }
    }

    ExpositionEntry ReadOpenMetricsMetadata(ExpositionToken keyword)
    {
        var token = NextOpenMetrics();
        if (token != ExpositionToken.MetricName)
            throw Unexpected($"expected metric name after {ExpositionTokens.NameOf(keyword)}", token);
        SetMetadataName();
        if (NextOpenMetrics() != ExpositionToken.Text) throw Problem($"expected text in {ExpositionTokens.NameOf(keyword)}");
        (_textStart, _textEnd) = (_tokenStart + 1, _position - 1);
        switch (keyword)
        {
            case ExpositionToken.Type:
                if (!MetricKinds.TryParse(MetadataText, openMetrics: true, out var kind))
                    throw Problem($"invalid metric type {ExpositionException.Quote(MetadataText)}");
                Kind = kind;
                _unit = "";
                return ExpositionEntry.Type;
            case ExpositionToken.Help:
                if (!Utf8.IsValid(MetadataText))
                    throw Problem($"help text {ExpositionException.Quote(MetadataText)} is not a valid utf8 string");
                return ExpositionEntry.Help;
            default:
                var name = NameText;
                var unit = MetadataText;
                if (unit.Length > 0 && !(name.Length > unit.Length && name.EndsWith(unit) && name[^(unit.Length + 1)] == '_'))
                {
                    throw Problem($"unit {ExpositionException.Quote(unit)} not a suffix of metric {ExpositionException.Quote(name)}");
                }
                if (_options.TypeAndUnitLabels) _unit = Encoding.UTF8.GetString(unit);
                return ExpositionEntry.Unit;
        }
    }

    void ReadOpenMetricsSample(ExpositionToken token)
    {
        if (_nameStart < 0) throw Problem($"metric name not set while parsing: {QuoteEntry()}");
        Value = ReadValueAfter("metric", token);
        switch (NextOpenMetrics())
        {
            case ExpositionToken.EndOfPage:
                throw Problem(NoEnd);
            case ExpositionToken.Comment:
                ReadExemplarText();
                break;
            case ExpositionToken.Timestamp:
                TimestampMs = ReadSeconds("timestamp");
                HasTimestamp = true;
                token = NextOpenMetrics();
                if (token == ExpositionToken.Comment) ReadExemplarText();
                else if (token != ExpositionToken.Linebreak) throw Unexpected("expected next entry after timestamp", token);
                break;
        }
    }

    void ReadExemplarText()
    {
        ReadLabelPairs(exemplar: true);
        _exemplarValue = ReadValueAfter("exemplar labels", NextOpenMetrics());
        _hasExemplar = true;
        _exemplarTimestampMs = 0;
        var token = NextOpenMetrics();
        switch (token)
        {
            case ExpositionToken.Linebreak:
                return;
            case ExpositionToken.EndOfPage:
                throw Problem(NoEnd);
            case ExpositionToken.Timestamp:
                _exemplarTimestampMs = ReadSeconds("exemplar timestamp");
                _exemplarHasTimestamp = true;
                token = NextOpenMetrics();
                if (token != ExpositionToken.Linebreak) throw Unexpected("expected next entry after exemplar timestamp", token);
                return;
            default:
                throw Unexpected("expected timestamp or comment", token);
        }
    }

    double ReadValueAfter(string what, ExpositionToken token) => token == ExpositionToken.Value
        ? ReadNumber(_page[(_tokenStart + 1).._position])
        : throw Unexpected($"expected value after {what}", token);

    long ReadSeconds(string what)
    {
        double seconds = ReadNumber(_page[(_tokenStart + 1).._position]);
        if (!double.IsFinite(seconds))
        {
            string text = double.IsNaN(seconds) ? "NaN" : seconds > 0 ? "+Inf" : "-Inf";
            throw Problem(string.Create(CultureInfo.InvariantCulture, $"invalid {what} {text}"));
        }
        // Out of range becomes the smallest value, as the conversion does in Prometheus on x86.
        double ms = Math.Truncate(seconds * 1000);
        return ms is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)ms : long.MinValue;
    }

    ExpositionToken NextOpenMetrics()
    {
        if (_position >= _page.Length) return ExpositionToken.EndOfPage;
        _tokenStart = _position;
        byte c = _page[_position];
        switch (_state)
        {
            case LexerState.LineStart:
                if (StartsName(c)) return ScanWhile(NameBytes, ExpositionToken.MetricName, LexerState.Value);
                if (c == '{') return Take(ExpositionToken.BraceOpen, LexerState.Labels);
                return c == '#' ? ScanOpenMetricsKeyword() : ExpositionToken.Invalid;
            case LexerState.MetadataName:
                if (c == '"') return ScanQuoted(ExpositionToken.MetricName, LexerState.MetadataText, linebreaks: true, nulls: false);
                return StartsName(c) ? ScanWhile(NameBytes, ExpositionToken.MetricName, LexerState.MetadataText) : ExpositionToken.Invalid;
            case LexerState.MetadataText:
                if (c != ' ') return ExpositionToken.Invalid;
                int length = _page[_position..].IndexOf((byte)'\n');
                if (length < 0) return FailAt(_page.Length);
                _position += length + 1;
                _state = LexerState.LineStart;
                return ExpositionToken.Text;
            case LexerState.Labels or LexerState.Exemplar:
                bool exemplar = _state == LexerState.Exemplar;
                if (StartsLabelName(c)) return ScanWhile(LabelNameBytes, ExpositionToken.LabelName, _state);
                return c switch
                {
                    (byte)'"' => ScanQuoted(ExpositionToken.QuotedString, _state, linebreaks: !exemplar, nulls: false),
                    (byte)'}' => Take(ExpositionToken.BraceClose, exemplar ? LexerState.ExemplarValue : LexerState.Value),
                    (byte)'=' => Take(ExpositionToken.Equal, exemplar ? LexerState.ExemplarValue : LexerState.LabelValue),
                    (byte)',' => Take(ExpositionToken.Comma, _state),
                    _ => ExpositionToken.Invalid,
                };
            case LexerState.LabelValue:
                return c == '"'
                    ? ScanQuoted(ExpositionToken.LabelValue, LexerState.Labels, linebreaks: false, nulls: true)
                    : ExpositionToken.Invalid;
            case LexerState.Value:
                return c == '{'
                    ? Take(ExpositionToken.BraceOpen, LexerState.Labels)
                    : ScanAfterBlank(ExpositionToken.Value, LexerState.Timestamp);
            case LexerState.ExemplarValue:
                return c == '"'
                    ? ScanQuoted(ExpositionToken.LabelValue, LexerState.Exemplar, linebreaks: false, nulls: false)
                    : ScanAfterBlank(ExpositionToken.Value, LexerState.ExemplarTimestamp);
            case LexerState.Timestamp when c == ' ' && _page[_position..].StartsWith(" # "u8):
                if (_position + 3 >= _page.Length || _page[_position + 3] != '{') return FailAt(Math.Min(_position + 3, _page.Length));
                _position += 4;
                _state = LexerState.Exemplar;
                return ExpositionToken.Comment;
            default:
                return c == '\n'
                    ? Take(ExpositionToken.Linebreak, LexerState.LineStart)
                    : ScanAfterBlank(ExpositionToken.Timestamp, _state);
        }
    }

    /// <summary>One blank, then anything up to a blank or linebreak.</summary>
    ExpositionToken ScanAfterBlank(ExpositionToken token, LexerState next)
    {
        if (_page[_position] != ' ') return ExpositionToken.Invalid;
        int at = _position + 1;
        if (at >= _page.Length || _page[at] is (byte)' ' or (byte)'\n' or 0) return FailAt(at);
        _position = at;
        int length = _page[at..].IndexOfAny(" \n\0"u8);
        _position = length < 0 ? _page.Length : at + length;
        _state = next;
        return token;
    }

    ExpositionToken ScanOpenMetricsKeyword()
    {
        int at = _position + 1;
        if (at >= _page.Length || _page[at] != ' ') return FailAt(at);
        var rest = _page[(at + 1)..];
        if (rest.StartsWith("EOF"u8))
        {
            _position = at + 4;
            if (_position < _page.Length && _page[_position] == '\n') _position++;
            return ExpositionToken.EndWord;
        }
        var token = rest.StartsWith("HELP "u8) ? ExpositionToken.Help
            : rest.StartsWith("TYPE "u8) ? ExpositionToken.Type
            : rest.StartsWith("UNIT "u8) ? ExpositionToken.Unit : ExpositionToken.Invalid;
        if (token == ExpositionToken.Invalid)
        {
            int matched = Math.Max(Math.Max(rest.CommonPrefixLength("HELP "u8), rest.CommonPrefixLength("TYPE "u8)),
                Math.Max(rest.CommonPrefixLength("UNIT "u8), rest.CommonPrefixLength("EOF"u8)));
            return FailAt(at + 1 + matched);
        }
        _position = at + 6;
        _state = LexerState.MetadataName;
        return token;
    }
}
