using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Decodes the records of one log segment in order (docs/formats/samples-log.md) into columns, with the series numbers of the segment. A
/// record
/// whose definitions were lost yields nothing. Reusable; not thread-safe.
/// </summary>
sealed class LogRecordDecoder
{
    readonly Dictionary<uint, LogPage> _pages = [];
    readonly Dictionary<ulong, string> _symbols = [];
    readonly List<(int Number, Labels Labels)> _series = [];
    readonly LabelsBuilder _builder = new();
    int[] _numbers = new int[1024];
    long[] _timestamps = new long[1024];
    double[] _values = new double[1024];
    int _count;

    /// <summary>The last record could not be used in full.</summary>
    public bool Failed { get; private set; }
    public IReadOnlyList<(int Number, Labels Labels)> Series => _series;
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, _count);
    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, _count);
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);
    public FloatHistogram? Histogram { get; private set; }
    public Exemplar Exemplar { get; private set; }

    /// <summary>Forgets all definitions: a segment begins.</summary>
    public void Clear()
    {
        foreach (var page in _pages.Values) page.Dispose();
        _pages.Clear();
        _symbols.Clear();
    }

    public LoggedKind Decode(ReadOnlySpan<byte> payload)
    {
        _count = 0;
        var input = new ByteReader(payload);
        var kind = (LogRecordKind)input.ReadByte();
        bool used = kind switch
        {
            LogRecordKind.Series => DecodeSeries(ref input),
            LogRecordKind.Page => DecodePage(ref input),
            LogRecordKind.PageSamples => DecodePageSamples(ref input),
            LogRecordKind.LooseSamples => DecodeLooseSamples(ref input),
            LogRecordKind.Histograms => DecodeHistogram(ref input),
            LogRecordKind.Exemplars => DecodeExemplar(ref input),
            _ => false,
        };
        Failed = !used;
        return kind switch
        {
            LogRecordKind.Series => LoggedKind.Series,
            _ when !used => LoggedKind.None,
            LogRecordKind.PageSamples or LogRecordKind.LooseSamples => LoggedKind.Samples,
            LogRecordKind.Histograms => LoggedKind.Histogram,
            LogRecordKind.Exemplars => LoggedKind.Exemplar,
            _ => LoggedKind.None,
        };
    }

    bool DecodeSeries(ref ByteReader input)
    {
        _series.Clear();
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
            if (known) _series.Add((number, _builder.Build()));
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
        _pages[id] = new LogPage(id, numbers);
        return true;
    }

    bool DecodePageSamples(ref ByteReader input)
    {
        uint id = unchecked((uint)input.ReadVarint());
        ulong sequence = input.ReadVarint();
        long delta = input.ReadSigned();
        if (input.Failed || !_pages.TryGetValue(id, out var page) || sequence != page.NextSequence) return false;
        page.NextSequence++;
        page.LastTimeMs = unchecked(page.LastTimeMs + delta);
        int count = page.Slots.Length;
        Reserve(count);
        page.Slots.CopyTo(_numbers);
        _timestamps.AsSpan(0, count).Fill(page.LastTimeMs);
        var bits = new BitReader(input.ReadRest());
        var states = page.States;
        for (int i = 0; i < count; i++) _values[i] = ValueCodec.Decode(ref states[i], ref bits);
        if (bits.Overrun) return false;
        _count = count;
        return true;
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
