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
    readonly LogRecordDecoder _decoder = new();
    readonly Dictionary<int, int> _slots = [];          // of the head, by series number of the segment
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
        _decoder.Clear();
        _damagedRecords += reader.DamagedRecords + unusable;
        _damagedBytes += reader.DamagedBytes;
        if (reader.DamagedRecords + unusable > 0)
            logger.LogSegmentDamaged(path, reader.FirstDamageOffset, reader.DamagedRecords, reader.DamagedBytes, unusable);
    }

    /// <returns>False if the record cannot be used in full: malformed, or what it refers to was lost.</returns>
    bool ReplayRecord(ReadOnlySpan<byte> payload)
    {
        bool whole = _decoder.TryDecode(payload);
        if (_decoder.Kind == LogRecordKind.Series) ReplaySeries();
        if (!whole) return false;
        switch (_decoder.Kind)
        {
            case LogRecordKind.Page: return ReplayPage();
            case LogRecordKind.PageSamples: ReplayPageSamples(); break;
            case LogRecordKind.LooseSamples: return ReplayLooseSamples();
            case LogRecordKind.Histograms: return ReplayHistogram();
            case LogRecordKind.Exemplars: return ReplayExemplar();
        }
        return true;
    }

    void ReplaySeries()
    {
        foreach (var (number, labels) in _decoder.Series)
        {
            int found = index.Find(labels);
            _slots[number] = found >= 0 ? found : index.Add(labels);
        }
    }

    bool ReplayPage()
    {
        if (_decoder.Page!.TryRenumber(_slots)) return true;
        _decoder.DropPage();
        return false;
    }

    void ReplayPageSamples()
    {
        var page = _decoder.Page!;
        long timestamp = _decoder.TimestampMs;
        var values = _decoder.Values;
        if (AllNewer(page.Slots, timestamp)) head.AppendPage(page, timestamp, values);
        else for (int i = 0; i < values.Length; i++) Apply(page.Slots[i], timestamp, values[i]);
        _samples += values.Length;
    }

    bool ReplayLooseSamples()
    {
        var numbers = _decoder.Numbers;
        var timestamps = _decoder.Timestamps;
        var values = _decoder.Values;
        bool complete = true;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_slots.TryGetValue(numbers[i], out int slot)) Apply(slot, timestamps[i], values[i]);
            else complete = false;
        }
        _samples += numbers.Length;
        return complete;
    }

    bool ReplayHistogram()
    {
        if (!_slots.TryGetValue(_decoder.Numbers[0], out int slot)) return false;
        long timestamp = _decoder.Timestamps[0], last = index.Series[slot].LastTimeMs;
        if (timestamp > last) head.Append(slot, timestamp, _decoder.Histogram!);
        else if (timestamp < last) head.AppendOutOfOrder(slot, timestamp, _decoder.Histogram!);
        _samples++;
        return true;
    }

    bool ReplayExemplar()
    {
        if (!_slots.TryGetValue(_decoder.Numbers[0], out int slot)) return false;
        exemplars.Add(index.LabelsOf(slot), _decoder.Exemplar);
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
}
