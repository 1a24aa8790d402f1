using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>How a page is to be read; the defaults are those of a scrape.</summary>
/// <param name="TypeAndUnitLabels">Adds <c>__type__</c> and <c>__unit__</c> labels from the metadata (feature
/// type-and-unit-labels).</param>
/// <param name="StartTimestamps">
/// Takes the <c>_created</c> lines of OpenMetrics for what they are: <see cref="ExpositionReader.StartTimestampMs"/> of the samples of
/// their
/// family, and no samples. They may stand behind those, so the page is read twice.
/// </param>
public readonly record struct ExpositionOptions(bool TypeAndUnitLabels = false, bool StartTimestamps = false);

/// <summary>
/// Reads a page of Prometheus text or OpenMetrics, entry by entry, without allocating per line: names and values are slices of the page.
/// Accepts and refuses what Prometheus does, with its messages. Protobuf pages have <see cref="ProtobufExpositionReader"/>.
/// </summary>
/// <remarks>
/// Grammar: https://prometheus.io/docs/instrumenting/exposition_formats/ and the OpenMetrics 1.0 specification; where Prometheus' own
/// reader
/// is more lenient (no rule on order, suffixes or duplicates) so is this one.
/// </remarks>
public ref partial struct ExpositionReader
{
    readonly ReadOnlySpan<byte> _page;
    readonly bool _openMetrics;
    readonly ExpositionOptions _options;

    int _position;        // next byte to look at; in the text format one past the end once the virtual last linebreak is read
    int _tokenStart;
    int _entryStart;
    LexerState _state;

    int _nameStart, _nameEnd;
    int _seriesStart, _seriesEnd;
    int[]? _labels;       // label name start, end, value start, end; four per label
    int _labelInts;
    int[]? _exemplar;     // the same for the exemplar's labels
    int _exemplarInts;
    int _textStart, _textEnd;

    /// <param name="page">Must stay unchanged while the reader is in use.</param>
    /// <param name="format"><see cref="ExpositionFormat.Text"/> or <see cref="ExpositionFormat.OpenMetrics"/>.</param>
    public ExpositionReader(ReadOnlySpan<byte> page, ExpositionFormat format, ExpositionOptions options = default)
    {
        if (format == ExpositionFormat.Protobuf) throw new ArgumentOutOfRangeException(nameof(format));
        _page = page;
        _openMetrics = format == ExpositionFormat.OpenMetrics;
        _options = options;
        if (_openMetrics && options.StartTimestamps) _created = CreatedLines.Of(page);
    }

    readonly CreatedLines? _created;

    /// <summary>Offset of the entry that <see cref="Read"/> looks at next.</summary>
    public readonly int Position => Math.Min(_position, _page.Length);

    /// <summary>The current sample's series as it stands in the page: name and labels.</summary>
    public readonly ReadOnlySpan<byte> SeriesText => _page[_seriesStart.._seriesEnd];
    public readonly int SeriesEnd => _seriesEnd;
    public double Value { get; private set; }
    public bool HasTimestamp { get; private set; }
    /// <summary>Unix milliseconds.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>
    /// When the current sample's counter or histogram began, Unix milliseconds; 0: not known. Needs <see
    /// cref="ExpositionOptions.StartTimestamps"/>.
    /// </summary>
    public readonly long StartTimestampMs => _created?.StartOf(this) ?? 0;

    /// <summary>True if the current sample has an exemplar; read it by <see cref="ReadExemplar"/>.</summary>
    public readonly bool HasExemplar => _hasExemplar;
    bool _hasExemplar;
    double _exemplarValue;
    long _exemplarTimestampMs;
    bool _exemplarHasTimestamp;

    /// <summary>Type given by the latest TYPE line. Prometheus applies it to all samples that follow.</summary>
    public MetricKind Kind { get; private set; }
    string _unit = "";

    /// <summary>Family name of a metadata entry, still escaped.</summary>
    public readonly ReadOnlySpan<byte> NameText => _page[_nameStart.._nameEnd];
    /// <summary>Help, type or unit of a metadata entry, or a whole comment; still escaped.</summary>
    public readonly ReadOnlySpan<byte> MetadataText => _page[_textStart..Math.Max(_textStart, _textEnd)];

    /// <summary>Family name of a metadata entry.</summary>
    public readonly string ReadName() => Unescape(NameText);

    /// <summary>Help text, unescaped; unit or comment as they stand.</summary>
    public readonly string ReadHelp() => Unescape(MetadataText, quotes: true);

    /// <summary>Steps to the next entry.</summary>
    /// <exception cref="ExpositionException">The page is malformed here; the reader must not be used further.</exception>
    public ExpositionEntry Read()
    {
        if (!_openMetrics) return ReadText();
        ExpositionEntry entry;
        do entry = ReadOpenMetrics();
        while (_created is not null && entry == ExpositionEntry.Sample && CreatedLines.IsOne(this));
        return entry;
    }

    /// <summary>
    /// The remembered way: if the page goes on with exactly <paramref name="lead"/> (metadata lines, then a series, as an earlier page had
    /// them) and a plain value, reads that sample by one comparison. Otherwise nothing is consumed.
    /// </summary>
    /// <param name="lead">Bytes from the end of the sample before up to the end of the series.</param>
    /// <param name="kind">Value of <see cref="Kind"/> when that sample was read in full.</param>
    public bool TryReadKnown(ReadOnlySpan<byte> lead, MetricKind kind)
    {
        int at = _position;
        if (_state != LexerState.LineStart || at >= _page.Length) return false;
        var rest = _page[at..];
        if (rest.Length < lead.Length + 3 || rest[lead.Length] != ' ' || !rest.StartsWith(lead)) return false;
        var number = rest[(lead.Length + 1)..];
        int length = NumberLength(number);
        if (length == 0 || length >= number.Length) return false;
        if (number[length] != '\n') return false;
        number = number[..length];
        if (!SampleNumber.TryParseSimple(number, out double value) && SampleNumber.Parse(number, out value) is not null) return false;
        Value = value;
        HasTimestamp = false;
        _hasExemplar = false;
        Kind = kind;
        _seriesEnd = at + lead.Length;
        _position = _seriesEnd + 1 + length + 1;
        return true;
    }

    /// <summary>
    /// Many samples the remembered way (see <see cref="TryReadKnown"/>), as far as the page goes on with the leads and plain decimal values.
    /// Stops short of the page's last bytes. Of the last sample read, only <see cref="Kind"/> is kept.
    /// </summary>
    /// <param name="text">The leads, one behind the other.</param>
    /// <param name="textStart">Where in <paramref name="text"/> the first one starts.</param>
    /// <param name="leadEnds">Where in <paramref name="text"/> each one ends.</param>
    /// <param name="kinds">For each lead, what <see cref="TryReadKnown"/> asks for.</param>
    /// <param name="values">Gets the values; at least as many as leads.</param>
    /// <returns>Samples read.</returns>
    public int ReadKnown(ReadOnlySpan<byte> text, int textStart, ReadOnlySpan<int> leadEnds, ReadOnlySpan<MetricKind> kinds, Span<double> values)
    {
        if (_state != LexerState.LineStart) return 0;
        var page = _page;
        int at = _position, read = 0;
        for (; read < leadEnds.Length; read++)
        {
            int end = leadEnds[read];
            int lead = end - textStart, number = at + lead + 1;
            if (number + ValueLine.Room > page.Length || page[number - 1] != ' ') break;
            if (!page.Slice(at, lead).SequenceEqual(text.Slice(textStart, lead))) break;
            if (!ValueLine.TryRead(page[number..], out values[read], out int length)) break;
            at = number + length + 1;
            textStart = end;
        }
        if (read == 0) return 0;
        Kind = kinds[read - 1];
        _position = at;
        return read;
    }

    // Values are short: a simple loop beats a vectorised search.
    static int NumberLength(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length && text[at] > ' ') at++;
        return at;
    }

    /// <summary>
    /// The labels of the current sample in the order of the page, metric name first, empty values included; <c>le</c> and <c>quantile</c>
    /// in canonical form.
    /// </summary>
    /// <param name="labels">Is overwritten. Texts that it has at the same place, as those of the series before mostly are, stay the same strings.</param>
    public readonly void ReadLabels(List<Label> labels)
    {
        int count = 0;
        Set(new Label(LabelNames.MetricName, TextOf(NameText, count < labels.Count ? labels[count].Value : null)));
        if (_options.TypeAndUnitLabels)
        {
            if (Kind != MetricKind.Unknown) Set(new Label("__type__", MetricKinds.NameOf(Kind)));
            if (_unit.Length > 0) Set(new Label("__unit__", _unit));
        }
        for (int i = 0; i < _labelInts; i += 4)
        {
            var known = count < labels.Count ? labels[count] : default;
            string name = TextOf(_page[_labels![i].._labels[i + 1]], known.Name);
            var value = _page[_labels[i + 2].._labels[i + 3]];
            Set(new Label(name, CanonicalBound(Kind, name, value) ?? TextOf(value, known.Value)));
        }
        labels.RemoveRange(count, labels.Count - count);

        void Set(Label label)
        {
            if (count < labels.Count) labels[count] = label;
            else labels.Add(label);
            count++;
        }
    }

    static string TextOf(ReadOnlySpan<byte> text, string? known) =>
        known is not null && Ascii.Equals(text, known) && !text.Contains((byte)'\\') ? known : Unescape(text);

    /// <summary>Whether metric and label names of the current sample are UTF-8. (Values that are not fail the page.)</summary>
    public readonly bool HasValidNames
    {
        get
        {
            bool valid = Utf8.IsValid(NameText);
            for (int i = 0; i < _labelInts && valid; i += 4) valid = Utf8.IsValid(_page[_labels![i].._labels[i + 1]]);
            return valid;
        }
    }

    /// <summary>The current sample's exemplar; valid if <see cref="HasExemplar"/>.</summary>
    public readonly Exemplar ReadExemplar()
    {
        var labels = new LabelsBuilder();
        for (int i = 0; i < _exemplarInts; i += 4)
            labels.Set(Unescape(_page[_exemplar![i].._exemplar[i + 1]]), Unescape(_page[_exemplar[i + 2].._exemplar[i + 3]]));
        return new Exemplar(labels.Build(), _exemplarValue, _exemplarTimestampMs, _exemplarHasTimestamp);
    }

    /// <summary>
    /// Prometheus 3 stores bucket bounds and quantiles as OpenMetrics writes them, whatever the target wrote; null: leave as it is.
    /// </summary>
    internal static string? CanonicalBound(MetricKind kind, string name, ReadOnlySpan<byte> value)
    {
        if (!(kind == MetricKind.Histogram && name == LabelNames.Bucket) && !(kind == MetricKind.Summary && name == LabelNames.Quantile))
            return null;
        if (SampleNumber.Parse(value, out double bound) is not null) return null;
        Span<byte> text = stackalloc byte[SampleNumber.LengthMax];
        return Encoding.UTF8.GetString(text[..SampleNumber.FormatOpenMetrics(bound, text)]);
    }

    /// <summary>Resolves <c>\\</c>, <c>\n</c> and, where quotes are escaped, <c>\"</c>; other backslashes stand for themselves.</summary>
    static string Unescape(ReadOnlySpan<byte> text, bool quotes = true)
    {
        if (text.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(text);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                byte next = text[i + 1];
                if (next == 'n') (c, i) = ((byte)'\n', i + 1);
                else if (next == '\\' || (next == '"' && quotes)) (c, i) = (next, i + 1);
            }
            buffer[length++] = c;
        }
        string result = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return result;
    }

    // ── shared by both grammars ──

    void StartEntry()
    {
        _entryStart = _position;
        _labelInts = 0;
        _exemplarInts = 0;
        _hasExemplar = false;
        _exemplarHasTimestamp = false;
        HasTimestamp = false;
        _nameStart = _nameEnd = -1;
    }

    /// <summary>Labels after the opening brace, up to and including the closing one.</summary>
    void ReadLabelPairs(bool exemplar)
    {
        var token = Next();
        while (true)
        {
            int start = _tokenStart, end = _position;
            if (token == ExpositionToken.BraceClose) return;
            if (token is not (ExpositionToken.LabelName or ExpositionToken.QuotedString)) throw Unexpected("expected label name", token);
            bool quoted = token == ExpositionToken.QuotedString;
            token = Next();
            if (quoted && token is ExpositionToken.Comma or ExpositionToken.BraceClose)
            {
                // A quoted string alone is the metric name: {"http.requests", code="200"}
                if (exemplar) throw Unexpected("expected label name", token);
                if (_nameStart >= 0) throw Problem($"metric name already set while parsing: {QuoteEntry()}");
                (_nameStart, _nameEnd) = (start + 1, end - 1);
                if (token == ExpositionToken.BraceClose) return;
                token = Next();
                continue;
            }
            if (token != ExpositionToken.Equal) throw Unexpected("expected equal", token);
            var value = Next();
            if (value != ExpositionToken.LabelValue) throw Unexpected("expected label value", value);
            var text = _page[_tokenStart.._position];
            if (!Utf8.IsValid(text)) throw Problem($"invalid UTF-8 label value: {ExpositionException.Quote(text)}");
            if (quoted) (start, end) = (start + 1, end - 1);
            if (exemplar) AddLabel(ref _exemplar, ref _exemplarInts, start, end);
            else AddLabel(ref _labels, ref _labelInts, start, end);

            token = Next();
            if (token == ExpositionToken.Comma) token = Next();
            else if (_openMetrics && token != ExpositionToken.BraceClose) throw Unexpected("expected comma or brace close", token);
        }
    }

    readonly void AddLabel(ref int[]? offsets, ref int count, int nameStart, int nameEnd)
    {
        offsets ??= new int[64];
        if (count + 4 > offsets.Length) Array.Resize(ref offsets, offsets.Length * 2);
        offsets[count] = nameStart;
        offsets[count + 1] = nameEnd;
        offsets[count + 2] = _tokenStart + 1;
        offsets[count + 3] = _position - 1;
        count += 4;
    }

    double ReadNumber(ReadOnlySpan<byte> text)
    {
        if (SampleNumber.TryParseSimple(text, out double value)) return value;
        string? problem = SampleNumber.Parse(text, out value);
        return problem is null ? value : throw Problem($"{problem} while parsing: {QuoteEntry()}");
    }

    ExpositionToken Next() => _openMetrics ? NextOpenMetrics() : NextText();

    static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);
    static readonly SearchValues<byte> LabelNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    static bool StartsName(byte c) => char.IsAsciiLetter((char)c) || c is (byte)'_' or (byte)':';
    static bool StartsLabelName(byte c) => char.IsAsciiLetter((char)c) || c == '_';

    ExpositionToken ScanWhile(SearchValues<byte> bytes, ExpositionToken token, LexerState next)
    {
        int length = _page[_position..].IndexOfAnyExcept(bytes);
        _position = length < 0 ? _page.Length : _position + length;
        _state = next;
        return token;
    }

    ExpositionToken Take(ExpositionToken token, LexerState next)
    {
        _position++;
        _state = next;
        return token;
    }

    /// <summary>A string in double quotes, at its opening quote. On failure the position is that of the byte which must not stand
    /// there.</summary>
    ExpositionToken ScanQuoted(ExpositionToken token, LexerState next, bool linebreaks, bool nulls)
    {
        int at = _position + 1;
        while (true)
        {
            int skip = at < _page.Length ? _page[at..].IndexOfAny("\"\\\n\0"u8) : -1;
            if (skip < 0) return FailAt(_page.Length + (linebreaks && !_openMetrics ? 1 : 0));
            at += skip;
            switch (_page[at])
            {
                case (byte)'"':
                    _position = at + 1;
                    _state = next;
                    return token;
                case (byte)'\n':
                    if (!linebreaks) return FailAt(at);
                    at++;
                    break;
                case 0:
                    if (!nulls) return FailAt(at);
                    at++;
                    break;
                default:
                    at++;
                    while (nulls && at < _page.Length && _page[at] == 0) at++;
                    if (at >= _page.Length || _page[at] is (byte)'\n' or 0) return FailAt(Math.Min(at, _page.Length));
                    at++;
                    break;
            }
        }
    }

    ExpositionToken FailAt(int position)
    {
        _position = position;
        return ExpositionToken.Invalid;
    }

    readonly ExpositionException Unexpected(string expected, ExpositionToken found) =>
        Problem($"{expected}, got {QuoteUpTo(_tokenStart, _position + 1)} (\"{ExpositionTokens.NameOf(found)}\") while parsing: "
            + QuoteUpTo(_entryStart, _position + 1));

    readonly string QuoteEntry() => QuoteUpTo(_entryStart, _position);

    // The text grammar sees one linebreak after the page's last byte, and says so.
    readonly string QuoteUpTo(int start, int end)
    {
        string quoted = ExpositionException.Quote(_page[Math.Min(start, _page.Length)..Math.Min(end, _page.Length)]);
        return end <= _page.Length || _openMetrics ? quoted : quoted[..^1] + "\\n\"";
    }

    readonly ExpositionException Problem(string message) =>
        new(message, 1 + _page[..Math.Min(_entryStart, _page.Length)].Count((byte)'\n'));
}
