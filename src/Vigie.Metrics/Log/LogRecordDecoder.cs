using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Decodes the records of one log segment in order (docs/formats/samples-log.md), with the series numbers of the segment: the only code that
/// knows how they are laid out, for the store's start and for those who follow the log. A record whose definitions were lost cannot be used.
/// Holds what was decoded until the next record. Allocates for series, histograms and exemplars, not for samples. Reusable; not thread-safe.
/// </summary>
sealed class LogRecordDecoder
{
    readonly Dictionary<uint, LogPage> _pages = [];
    readonly Dictionary<ulong, string> _symbols = [];
    readonly LabelsBuilder _builder = new();
    int[] _numbers = new int[1024];
    long[] _timestamps = new long[1024];
    double[] _values = new double[1024];
    int _count;

    public LogRecordKind Kind { get; private set; }

    /// <summary>Of a record of series; those that could be read, if not all could.</summary>
    public List<(int Number, Labels Labels)> Series { get; } = [];

    /// <summary>Of a record that defines a page, or has samples of one.</summary>
    public LogPage? Page { get; private set; }

    /// <summary>Of samples, a histogram or an exemplar: the series they belong to.</summary>
    public ReadOnlySpan<int> Numbers => IsRow ? Page!.Slots : _numbers.AsSpan(0, _count);

    /// <summary>Of all samples of a page; Unix milliseconds.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>One per sample; those of a page are filled in when they are asked for.</summary>
    public ReadOnlySpan<long> Timestamps
    {
        get
        {
            var timestamps = _timestamps.AsSpan(0, _count);
            if (IsRow) timestamps.Fill(TimestampMs);
            return timestamps;
        }
    }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);
    public FloatHistogram? Histogram { get; private set; }
    public Exemplar Exemplar { get; private set; }

    bool IsRow => Kind == LogRecordKind.PageSamples && _count > 0;

    /// <summary>Forgets all definitions: a segment begins.</summary>
    public void Clear()
    {
        foreach (var page in _pages.Values) page.Dispose();
        _pages.Clear();
        _symbols.Clear();
        Series.Clear();
        _count = 0;
        Page = null;
    }

    /// <returns>
    /// False if the record cannot be used in full: malformed, or what it refers to was lost. Only of a record of series a part can be used.
    /// </returns>
    public bool TryDecode(ReadOnlySpan<byte> payload)
    {
        _count = 0;
        Series.Clear();
        Page = null;
        var input = new ByteReader(payload);
        Kind = (LogRecordKind)input.ReadByte();
        return Kind switch
        {
            LogRecordKind.Series => DecodeSeries(ref input),
            LogRecordKind.Page => DecodePage(ref input),
            LogRecordKind.PageSamples => DecodePageSamples(ref input),
            LogRecordKind.LooseSamples => DecodeLooseSamples(ref input),
            LogRecordKind.Histograms => DecodeHistogram(ref input),
            LogRecordKind.Exemplars => DecodeExemplar(ref input),
            _ => false,
        };
    }

    /// <summary>The page just decoded is of no use: its samples up to its next definition are not either.</summary>
    public void DropPage()
    {
        _pages.Remove(Page!.Id);
        Page.Dispose();
        Page = null;
    }

    bool DecodeSeries(ref ByteReader input)
    {
        int count = input.ReadCount(2);
        bool complete = true;
        for (int i = 0; i < count && !input.Failed; i++)
        {
            int number = unchecked((int)input.ReadVarint());
            int labels = input.ReadCount(2);
            _builder.Clear();
            bool known = true;
            for (int l = 0; l < labels && !input.Failed; l++)
            {
                string? name = ReadSymbol(ref input), value = ReadSymbol(ref input);
                known &= name is not null && value is not null;
                if (known) _builder.Set(name!, value!);
            }
            if (input.Failed) break;
            complete &= known;
            if (known) Series.Add((number, _builder.Build()));
        }
        return complete && !input.Failed;
    }

    /// <summary>Null if the symbol's definition was lost.</summary>
    string? ReadSymbol(ref ByteReader input)
    {
        ulong coded = input.ReadVarint();
        if ((coded & 1) != 0) return _symbols[coded >> 1] = input.ReadText();
        return _symbols.GetValueOrDefault(coded >> 1);
    }

    bool DecodePage(ref ByteReader input)
    {
        uint id = unchecked((uint)input.ReadVarint());
        var numbers = new int[input.ReadCount()];
        int last = -1;
        for (int i = 0; i < numbers.Length; i++) numbers[i] = last = unchecked(last + 1 + (int)input.ReadSigned());
        if (_pages.Remove(id, out var old)) old.Dispose();
        if (input.Failed || numbers.Length == 0) return false;
        _pages[id] = Page = new LogPage(id, numbers);
        return true;
    }

    bool DecodePageSamples(ref ByteReader input)
    {
        uint id = unchecked((uint)input.ReadVarint());
        ulong sequence = input.ReadVarint();
        long delta = input.ReadSigned();
        if (input.Failed || !_pages.TryGetValue(id, out var page) || sequence != page.NextSequence) return false;
        page.NextSequence++;
        TimestampMs = page.LastTimeMs = unchecked(page.LastTimeMs + delta);
        int count = page.Slots.Length;
        Reserve(count);
        if (!TryDecodeValues(page.States, input.ReadRest(), _values.AsSpan(0, count))) return false;
        Page = page;
        _count = count;
        return true;
    }

    static bool TryDecodeValues(Span<ValueCodecState> states, ReadOnlySpan<byte> coded, Span<double> values)
    {
        var bits = new BitReader(coded);
        for (int i = 0; i < values.Length; i++) values[i] = ValueCodec.Decode(ref states[i], ref bits);
        return !bits.Overrun;
    }

    bool DecodeLooseSamples(ref ByteReader input)
    {
        int count = input.ReadCount(2);
        Reserve(count);
        int number = 0;
        long time = 0;
        for (int i = 0; i < count; i++)
        {
            unchecked
            {
                _numbers[i] = number += (int)input.ReadSigned();
                _timestamps[i] = time += input.ReadSigned();
            }
        }
        if (input.Failed) return false;
        var bits = new BitReader(input.ReadRest());
        var state = default(ValueCodecState);
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            if (_numbers[i] != last) state = default;
            last = _numbers[i];
            _values[i] = ValueCodec.Decode(ref state, ref bits);
        }
        if (bits.Overrun) return false;
        _count = count;
        return true;
    }

    bool DecodeHistogram(ref ByteReader input)
    {
        int number = unchecked((int)input.ReadVarint());
        long timestamp = input.ReadSigned();
        Histogram = HistogramCodec.Read(ref input);
        if (Histogram is null) return false;
        (_numbers[0], _timestamps[0], _values[0], _count) = (number, timestamp, 0, 1);
        return true;
    }

    bool DecodeExemplar(ref ByteReader input)
    {
        int number = unchecked((int)input.ReadVarint());
        bool hasTimestamp = input.ReadByte() != 0;
        long timestamp = input.ReadSigned();
        double value = input.ReadDouble();
        int count = input.ReadCount(2);
        _builder.Clear();
        for (int i = 0; i < count && !input.Failed; i++) _builder.Set(input.ReadText(), input.ReadText());
        if (input.Failed) return false;
        Exemplar = new Exemplar(_builder.Build(), value, timestamp, hasTimestamp);
        (_numbers[0], _timestamps[0], _values[0], _count) = (number, timestamp, value, 1);
        return true;
    }

    void Reserve(int count)
    {
        if (count <= _values.Length) return;
        int capacity = Math.Max(count, _values.Length * 2);
        _numbers = new int[capacity];
        _timestamps = new long[capacity];
        _values = new double[capacity];
    }
}
