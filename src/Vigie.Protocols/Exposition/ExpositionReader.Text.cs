using System.Text.Unicode;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

// Prometheus text format: blanks are free between tokens, comments are allowed, timestamps are integer milliseconds.
public ref partial struct ExpositionReader
{
    ExpositionEntry ReadText()
    {
        while (true)
        {
            StartEntry();
            var token = NextText();
            switch (token)
            {
                case ExpositionToken.EndOfPage:
                    return ExpositionEntry.End;
                case ExpositionToken.Linebreak:
                    continue;
                case ExpositionToken.Help or ExpositionToken.Type:
                    return ReadTextMetadata(token);
                case ExpositionToken.Comment:
                    (_textStart, _textEnd) = (_tokenStart, _position);
                    ExpectLinebreak("linebreak expected after comment");
                    return ExpositionEntry.Comment;
                case ExpositionToken.BraceOpen:
                    _seriesStart = _entryStart;
                    ReadLabelPairs(exemplar: false);
                    _seriesEnd = _position;
                    ReadTextSample(NextText());
                    return ExpositionEntry.Sample;
                case ExpositionToken.MetricName:
                    // As in Prometheus, blanks before a name become part of it.
                    (_nameStart, _nameEnd) = (_entryStart, _position);
                    (_seriesStart, _seriesEnd) = (_entryStart, _position);
                    token = NextText();
                    if (token == ExpositionToken.BraceOpen)
                    {
                        ReadLabelPairs(exemplar: false);
                        _seriesEnd = _position;
                        token = NextText();
                    }
                    ReadTextSample(token);
                    return ExpositionEntry.Sample;
                default:
                    throw Unexpected("expected a valid start token", token);
            }
        }
    }

    ExpositionEntry ReadTextMetadata(ExpositionToken keyword)
    {
        var token = NextText();
        if (token != ExpositionToken.MetricName)
            throw Unexpected($"expected metric name after {ExpositionTokens.NameOf(keyword)}", token);
        SetMetadataName();
        NextText();
        (_textStart, _textEnd) = (_tokenStart + 1, _position);
        if (_textEnd < _textStart) (_textStart, _textEnd) = (_position, _position);
        if (keyword == ExpositionToken.Type)
        {
            if (!MetricKinds.TryParse(MetadataText, openMetrics: false, out var kind))
                throw Problem($"invalid metric type {ExpositionException.Quote(MetadataText)}");
            Kind = kind;
            _unit = "";
        }
        else if (!Utf8.IsValid(MetadataText))
            throw Problem($"help text {ExpositionException.Quote(MetadataText)} is not a valid utf8 string");
        ExpectLinebreak("linebreak expected after metadata");
        return keyword == ExpositionToken.Type ? ExpositionEntry.Type : ExpositionEntry.Help;
    }

    void SetMetadataName()
    {
        bool quoted = _page[_tokenStart] == '"';
        _nameStart = _tokenStart + (quoted ? 1 : 0);
        _nameEnd = _position - (quoted ? 1 : 0);
    }

    void ExpectLinebreak(string expected)
    {
        var token = NextText();
        if (token != ExpositionToken.Linebreak) throw Unexpected(expected, token);
    }

    void ReadTextSample(ExpositionToken token)
    {
        if (_nameStart < 0) throw Problem($"metric name not set while parsing: {QuoteEntry()}");
        if (token != ExpositionToken.Value) throw Unexpected("expected value after metric", token);
        Value = ReadNumber(_page[_tokenStart.._position]);
        token = NextText();
        if (token == ExpositionToken.Linebreak) return;
        if (token != ExpositionToken.Timestamp) throw Unexpected("expected timestamp or new record", token);
        TimestampMs = ReadMilliseconds(_page[_tokenStart.._position]);
        HasTimestamp = true;
        ExpectLinebreak("expected next entry after timestamp");
    }

    long ReadMilliseconds(ReadOnlySpan<byte> digits)
    {
        if (System.Buffers.Text.Utf8Parser.TryParse(digits, out long value, out int used) && used == digits.Length) return value;
        throw Problem($"strconv.ParseInt: parsing {ExpositionException.Quote(digits)}: value out of range while parsing: {QuoteEntry()}");
    }

    ExpositionToken NextText()
    {
        if (_state != LexerState.MetadataText)
        {
            while (_position < _page.Length && _page[_position] is (byte)' ' or (byte)'\t') _position++;
        }
        if (_position > _page.Length) return ExpositionToken.EndOfPage;
        _tokenStart = _position;
        // A page that ends in a linebreak ends there; else one is supplied so that the last line is complete.
        if (_position == _page.Length) return AtEndOfText();
        byte c = _page[_position];
        switch (_state)
        {
            case LexerState.LineStart:
                if (c == '\n') return Take(ExpositionToken.Linebreak, LexerState.LineStart);
                if (StartsName(c)) return ScanWhile(NameBytes, ExpositionToken.MetricName, LexerState.Value);
                if (c == '{') return Take(ExpositionToken.BraceOpen, LexerState.Labels);
                if (c == '#') return ScanTextComment();
                return c == 0 ? ExpositionToken.EndOfPage : ExpositionToken.Invalid;
            case LexerState.MetadataName:
                if (c == '"') return ScanQuoted(ExpositionToken.MetricName, LexerState.MetadataText, linebreaks: true, nulls: false);
                return StartsName(c) ? ScanWhile(NameBytes, ExpositionToken.MetricName, LexerState.MetadataText) : ExpositionToken.Invalid;
            case LexerState.MetadataText:
                return ScanTextMetadata();
            case LexerState.Labels:
                if (StartsLabelName(c)) return ScanWhile(LabelNameBytes, ExpositionToken.LabelName, LexerState.Labels);
                return c switch
                {
                    (byte)'"' => ScanQuoted(ExpositionToken.QuotedString, LexerState.Labels, linebreaks: true, nulls: false),
                    (byte)'}' => Take(ExpositionToken.BraceClose, LexerState.Value),
                    (byte)'=' => Take(ExpositionToken.Equal, LexerState.LabelValue),
                    (byte)',' => Take(ExpositionToken.Comma, LexerState.Labels),
                    _ => ExpositionToken.Invalid,
                };
            case LexerState.LabelValue:
                return c == '"'
                    ? ScanQuoted(ExpositionToken.LabelValue, LexerState.Labels, linebreaks: true, nulls: true)
                    : ExpositionToken.Invalid;
            case LexerState.Value:
                if (c == '{') return Take(ExpositionToken.BraceOpen, LexerState.Labels);
                return c is (byte)'\n' or 0
                    ? ExpositionToken.Invalid
                    : ScanUntil("{ \t\n\0"u8, ExpositionToken.Value, LexerState.Timestamp);
            default:
                if (c == '\n') return Take(ExpositionToken.Linebreak, LexerState.LineStart);
                if (!char.IsAsciiDigit((char)c)) return ExpositionToken.Invalid;
                while (_position < _page.Length && char.IsAsciiDigit((char)_page[_position])) _position++;
                return ExpositionToken.Timestamp;
        }
    }

    ExpositionToken AtEndOfText()
    {
        switch (_state)
        {
            case LexerState.LineStart or LexerState.Timestamp:
                return Take(ExpositionToken.Linebreak, LexerState.LineStart);
            case LexerState.MetadataText:
                _state = LexerState.LineStart;
                return ExpositionToken.Text;
            default:
                return ExpositionToken.Invalid;
        }
    }

    ExpositionToken ScanTextMetadata()
    {
        int length = _page[_position..].IndexOf((byte)'\n');
        int end = length < 0 ? _page.Length : _position + length;
        // Blanks alone are blanks, not text.
        if (_page[_position..end].IndexOfAnyExcept((byte)' ', (byte)'\t') < 0) _tokenStart = end;
        _position = end;
        _state = LexerState.LineStart;
        return ExpositionToken.Text;
    }

    ExpositionToken ScanTextComment()
    {
        int at = _position + 1;
        while (at < _page.Length && _page[at] is (byte)' ' or (byte)'\t') at++;
        bool keyword = at > _position + 1 && at + 4 < _page.Length && _page[at + 4] is (byte)' ' or (byte)'\t';
        var word = keyword && at > _position + 1 ? _page.Slice(at, 4) : default;
        var token = word.SequenceEqual("HELP"u8) ? ExpositionToken.Help
            : word.SequenceEqual("TYPE"u8) ? ExpositionToken.Type : ExpositionToken.Comment;
        if (token == ExpositionToken.Comment)
        {
            int length = _page[_position..].IndexOf((byte)'\n');
            _position = length < 0 ? _page.Length : _position + length;
            return token;
        }
        _position = at + 4;
        while (_position < _page.Length && _page[_position] is (byte)' ' or (byte)'\t') _position++;
        _state = LexerState.MetadataName;
        return token;
    }

    ExpositionToken ScanUntil(ReadOnlySpan<byte> stops, ExpositionToken token, LexerState next)
    {
        int length = _page[_position..].IndexOfAny(stops);
        _position = length < 0 ? _page.Length : _position + length;
        _state = next;
        return token;
    }
}
