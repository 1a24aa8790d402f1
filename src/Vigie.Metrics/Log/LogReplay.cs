using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Reads the log back into the head, segment by segment. Damaged records are skipped and counted; what depended on them (the later samples
/// of a page, of a series whose definition is lost) too, up to its next definition.
/// </summary>
sealed class LogReplay(IFileSystem files, HeadIndex index, HeadWriter head, ExemplarRing exemplars, ILogger logger)
{
    readonly Dictionary<int, int> _slots = [];
    readonly Dictionary<uint, LogPage> _pages = [];
    readonly Dictionary<ulong, string> _symbols = [];
    double[] _values = new double[1024];
    int _segments;
    long _records;
    long _samples;
    int _damagedRecords;
    long _damagedBytes;

    /// <summary>Bytes of all segments together.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Replays the segments in a folder, from <paramref name="firstSegment"/> on.</summary>
    public ReplayStatistics Run(string directory, ulong firstSegment, TimeProvider clock)
    {
        long started = clock.GetTimestamp();
        foreach (ulong number in SampleLog.SegmentsIn(files, directory))
            if (number >= firstSegment) ReplaySegment(Path.Combine(directory, SampleLog.NameOf(number)));
        return new ReplayStatistics(_segments, _records, _samples, _damagedRecords, _damagedBytes, clock.GetElapsedTime(started));
    }

    void ReplaySegment(string path)
    {
        _slots.Clear();
        _symbols.Clear();
        ClearPages();
        _segments++;
        byte[] bytes = files.ReadAll(path);
        BytesRead += bytes.Length;
        if (!SegmentHeader.TryRead(bytes, SampleLog.SegmentKind, out _, out string? problem))
        {
            _damagedRecords++;
            _damagedBytes += bytes.Length;
            logger.LogSegmentRefused(path, problem!);
            return;
        }
        var reader = new LogSegmentReader(bytes);
        int unusable = 0;
        while (reader.TryRead(out var payload))
        {
            _records++;
            if (!ReplayRecord(payload)) unusable++;
        }
        ClearPages();
        _damagedRecords += reader.DamagedRecords + unusable;
        _damagedBytes += reader.DamagedBytes;
        if (reader.DamagedRecords + unusable > 0)
            logger.LogSegmentDamaged(path, reader.FirstDamageOffset, reader.DamagedRecords, reader.DamagedBytes, unusable);
    }

    /// <returns>False if the record cannot be used: malformed, or what it refers to was lost.</returns>
    bool ReplayRecord(ReadOnlySpan<byte> payload)
    {
        var input = new ByteReader(payload);
        switch ((LogRecordKind)input.ReadByte())
        {
            case LogRecordKind.Series: return ReplaySeries(ref input);
            case LogRecordKind.Page: return ReplayPage(ref input);
            case LogRecordKind.PageSamples: return ReplayPageSamples(ref input);
            case LogRecordKind.LooseSamples: return ReplayLooseSamples(ref input);
            case LogRecordKind.Histograms: return ReplayHistogram(ref input);
            case LogRecordKind.Exemplars: return ReplayExemplar(ref input);
            default: return false;
        }
    }

    bool ReplaySeries(ref ByteReader input)
    {
        int count = input.ReadCount(2);
        var builder = new LabelsBuilder();
        bool complete = true;
        for (int i = 0; i < count && !input.Failed; i++)
        {
            int slot = unchecked((int)input.ReadVarint());
            int labels = input.ReadCount(2);
            builder.Clear();
            bool known = true;
            for (int l = 0; l < labels && !input.Failed; l++)
            {
                string? name = ReadSymbol(ref input), value = ReadSymbol(ref input);
                known &= name is not null && value is not null;
                if (known) builder.Set(name!, value!);
            }
            if (input.Failed) break;
            complete &= known;
            if (!known) continue;
            var set = builder.Build();
            int found = index.Find(set);
            _slots[slot] = found >= 0 ? found : index.Add(set);
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

    bool ReplayPage(ref ByteReader input)
    {
        uint id = unchecked((uint)input.ReadVarint());
        var slots = new int[input.ReadCount()];
        int last = -1;
        bool known = true;
        for (int i = 0; i < slots.Length; i++)
        {
            last = unchecked(last + 1 + (int)input.ReadSigned());
            known &= _slots.TryGetValue(last, out slots[i]);
        }
        if (_pages.Remove(id, out var old)) old.Dispose();
        if (input.Failed || !known || slots.Length == 0) return false;
        _pages[id] = new LogPage(id, slots);
        return true;
    }

    bool ReplayPageSamples(ref ByteReader input)
    {
        uint id = unchecked((uint)input.ReadVarint());
        ulong sequence = input.ReadVarint();
        long delta = input.ReadSigned();
        if (input.Failed || !_pages.TryGetValue(id, out var page)) return false;
        if (sequence != page.NextSequence) return false;
        page.NextSequence++;
        long timestamp = page.LastTimeMs = unchecked(page.LastTimeMs + delta);
        int count = page.Slots.Length;
        if (_values.Length < count) _values = new double[count * 2];
        var bits = new BitReader(input.ReadRest());
        var states = page.States;
        for (int i = 0; i < count; i++) _values[i] = ValueCodec.Decode(ref states[i], ref bits);
        if (bits.Overrun) return false;
        var values = _values.AsSpan(0, count);
        if (AllNewer(page.Slots, timestamp)) head.AppendPage(page, timestamp, values);
        else for (int i = 0; i < count; i++) Apply(page.Slots[i], timestamp, values[i]);
        _samples += count;
        return true;
    }

    bool ReplayLooseSamples(ref ByteReader input)
    {
        int count = input.ReadCount(2);
        var slots = new int[count];
        var times = new long[count];
        int slot = 0;
        long time = 0;
        for (int i = 0; i < count; i++)
        {
            unchecked
            {
                slots[i] = slot += (int)input.ReadSigned();
                times[i] = time += input.ReadSigned();
            }
        }
        if (input.Failed) return false;
        var bits = new BitReader(input.ReadRest());
        if (_values.Length < count) _values = new double[count * 2];
        var state = default(ValueCodecState);
        int lastSlot = 0;
        for (int i = 0; i < count; i++)
        {
            if (slots[i] != lastSlot) state = default;
            lastSlot = slots[i];
            _values[i] = ValueCodec.Decode(ref state, ref bits);
        }
        if (bits.Overrun) return false;
        bool complete = true;
        for (int i = 0; i < count; i++)
        {
            if (_slots.TryGetValue(slots[i], out int mapped)) Apply(mapped, times[i], _values[i]);
            else complete = false;
        }
        _samples += count;
        return complete;
    }

    bool ReplayHistogram(ref ByteReader input)
    {
        int slot = unchecked((int)input.ReadVarint());
        long timestamp = input.ReadSigned();
        var histogram = HistogramCodec.Read(ref input);
        if (histogram is null || !_slots.TryGetValue(slot, out int mapped)) return false;
        long last = index.Series[mapped].LastTimeMs;
        if (timestamp > last) head.Append(mapped, timestamp, histogram);
        else if (timestamp < last) head.AppendOutOfOrder(mapped, timestamp, histogram);
        _samples++;
        return true;
    }

    bool ReplayExemplar(ref ByteReader input)
    {
        int slot = unchecked((int)input.ReadVarint());
        bool hasTimestamp = input.ReadByte() != 0;
        long timestamp = input.ReadSigned();
        double value = input.ReadDouble();
        int count = input.ReadCount(2);
        var builder = new LabelsBuilder();
        for (int i = 0; i < count && !input.Failed; i++) builder.Set(input.ReadText(), input.ReadText());
        if (input.Failed || !_slots.TryGetValue(slot, out int mapped)) return false;
        exemplars.Add(index.LabelsOf(mapped), new Exemplar(builder.Build(), value, timestamp, hasTimestamp));
        return true;
    }

    bool AllNewer(ReadOnlySpan<int> slots, long timestampMs)
    {
        foreach (int slot in slots)
            if (timestampMs <= index.Series[slot].LastTimeMs) return false;
        return true;
    }

    /// <summary>What is in the log was accepted: older than the newest means out of order, the same time means that it is there already.</summary>
    void Apply(int slot, long timestampMs, double value)
    {
        long last = index.Series[slot].LastTimeMs;
        if (timestampMs > last) head.Append(slot, timestampMs, value);
        else if (timestampMs < last) head.AppendOutOfOrder(slot, timestampMs, value);
    }

    void ClearPages()
    {
        foreach (var page in _pages.Values) page.Dispose();
        _pages.Clear();
    }
}
