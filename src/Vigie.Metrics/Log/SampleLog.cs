using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// The write-ahead log of the head: numbered segments, each readable by itself (series, symbols and pages are defined again in each, before
/// their first use). One <see cref="Commit"/> is one write to the operating system. Belongs to the owner of the append lock, but for
/// <see cref="Sync"/>. Layout: docs/formats/samples-log.md.
/// </summary>
sealed unsafe class SampleLog : IDisposable
{
    public const byte SegmentKind = 1;
    const string Suffix = ".log";

    readonly IFileSystem _files;
    readonly HeadIndex _index;
    readonly LogRecords _records = new();
    readonly BitWriter _bits = new();
    readonly List<int> _undefined = [];
    readonly Lock _writerLock = new();      // guards _writer against Sync
    readonly Lock _committedLock = new();
    LogPosition _committed;                 // guarded by _committedLock
    LogSegmentWriter? _writer;
    uint[] _symbolEpochs = new uint[256];
    uint _epoch = 1;

    public SampleLog(IFileSystem files, string directory, HeadIndex index, ulong nextSegment)
    {
        _files = files;
        _index = index;
        Directory = directory;
        NextSegment = nextSegment;
        _committed = new LogPosition(nextSegment, 0);
    }

    public string Directory { get; }

    /// <summary>Number of the segment that the next record goes to, if it exists already, or that it will begin.</summary>
    public ulong CurrentSegment => _writer?.Number ?? NextSegment;

    public ulong NextSegment { get; private set; }

    /// <summary>Called with the number of a segment that was created, before anything is written to it.</summary>
    public Action<ulong>? SegmentStarted { get; set; }

    /// <summary>Behind the last commit. Safe to ask for on any thread.</summary>
    public LogPosition Committed
    {
        get
        {
            lock (_committedLock) return _committed;
        }
    }

    /// <summary>Bytes in the current segment.</summary>
    public long SegmentBytes => _writer?.Length ?? 0;

    /// <summary>Bytes written since the log was opened.</summary>
    public long BytesWritten { get; private set; }

    public static string NameOf(ulong segment) => segment.ToString("d8", System.Globalization.CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The segments in a folder, ascending.</summary>
    public static IReadOnlyList<ulong> SegmentsIn(IFileSystem files, string directory)
    {
        var numbers = new List<ulong>();
        foreach (string name in files.ListFiles(directory))
        {
            if (name.EndsWith(Suffix, StringComparison.Ordinal)
                && ulong.TryParse(name.AsSpan(0, name.Length - Suffix.Length), System.Globalization.CultureInfo.InvariantCulture, out ulong number))
                numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }

    /// <summary>Begins a commit.</summary>
    public void Begin() => _records.Clear();

    public void AddPageSamples(LogPage page, long timestampMs, ReadOnlySpan<double> values)
    {
        if (page.DefinedInEpoch != _epoch) DefinePage(page);
        _bits.Clear();
        var sink = _bits.AsSink();
        var states = page.States;
        for (int i = 0; i < values.Length; i++) ValueCodec.Encode(ref states[i], values[i], ref sink);
        Open(LogRecordKind.PageSamples);
        _records.Buffer.WriteVarint(page.Id);
        _records.Buffer.WriteVarint(page.NextSequence++);
        _records.Buffer.WriteSigned(timestampMs - page.LastTimeMs);
        _records.Buffer.WriteBits(_bits);
        _records.End();
        page.LastTimeMs = timestampMs;
    }

    public void AddLooseSamples(ReadOnlySpan<int> slots, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        if (slots.IsEmpty) return;
        DefineSeries(slots);
        Open(LogRecordKind.LooseSamples);
        var buffer = _records.Buffer;
        buffer.WriteVarint((ulong)slots.Length);
        int lastSlot = 0;
        long lastTime = 0;
        _bits.Clear();
        var sink = _bits.AsSink();
        var state = default(ValueCodecState);
        for (int i = 0; i < slots.Length; i++)
        {
            unchecked
            {
                buffer.WriteSigned(slots[i] - lastSlot);
                buffer.WriteSigned(timestamps[i] - lastTime);
            }
            if (slots[i] != lastSlot) state = default;
            ValueCodec.Encode(ref state, values[i], ref sink);
            (lastSlot, lastTime) = (slots[i], timestamps[i]);
        }
        buffer.WriteBits(_bits);
        _records.End();
    }

    public void AddHistogram(int slot, long timestampMs, FloatHistogram histogram)
    {
        DefineSeries([slot]);
        Open(LogRecordKind.Histograms);
        _records.Buffer.WriteVarint((ulong)slot);
        _records.Buffer.WriteSigned(timestampMs);
        HistogramCodec.Write(_records.Buffer, histogram);
        _records.End();
    }

    public void AddExemplar(int slot, in Exemplar exemplar)
    {
        DefineSeries([slot]);
        Open(LogRecordKind.Exemplars);
        var buffer = _records.Buffer;
        buffer.WriteVarint((ulong)slot);
        buffer.WriteByte(exemplar.HasTimestamp ? (byte)1 : (byte)0);
        buffer.WriteSigned(exemplar.TimestampMs);
        buffer.WriteDouble(exemplar.Value);
        buffer.WriteVarint((ulong)exemplar.Labels.Count);
        foreach (ref readonly var pair in exemplar.Labels.Pairs)
        {
            buffer.WriteText(pair.Name);
            buffer.WriteText(pair.Value);
        }
        _records.End();
    }

    /// <summary>Writes what was added since <see cref="Begin"/>. If it throws, nothing of it is in the log.</summary>
    /// <exception cref="IOException">The disk is full or failing; the next commit tries again.</exception>
    public void Commit()
    {
        if (_records.Written.IsEmpty) return;
        try
        {
            if (_writer is null || _writer.IsBroken) StartSegment();
            _writer!.Write(_records);
            BytesWritten += _records.Written.Length;
            lock (_committedLock) _committed = new LogPosition(_writer.Number, _writer.Length);
        }
        catch (IOException)
        {
            _epoch++;       // definitions and codec states of this commit are not on disk: begin anew
            throw;
        }
    }

    /// <summary>Ends the current segment, synced; the next commit begins another.</summary>
    /// <returns>The number of the segment that the next commit begins.</returns>
    /// <exception cref="IOException">It cannot be synced, and goes on.</exception>
    public ulong EndSegment()
    {
        lock (_writerLock) CloseSegment();
        return NextSegment;
    }

    /// <summary>What was committed before the call survives a power cut on return. May run beside everything else.</summary>
    public bool Sync()
    {
        lock (_writerLock) return _writer?.Sync() ?? false;
    }

    /// <summary>The current segment's file has disappeared (somebody deleted the folder).</summary>
    public bool IsSegmentGone() => _writer is { } writer && !_files.FileExists(writer.Path);

    public void Dispose()
    {
        lock (_writerLock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    void StartSegment()
    {
        lock (_writerLock)
        {
            CloseSegment();
            _files.CreateDirectory(Directory);
            ulong number = NextSegment++;
            var writer = LogSegmentWriter.Create(_files, Path.Combine(Directory, NameOf(number)), SegmentKind, number);
            try
            {
                SegmentStarted?.Invoke(number);
            }
            catch
            {
                writer.Dispose();
                throw;
            }
            _writer = writer;
        }
    }

    /// <summary>A segment that cannot be synced stays the current one: <see cref="Sync"/> must not claim what is not so.</summary>
    void CloseSegment()
    {
        if (_writer is null) return;
        _writer.Sync();
        _writer.Dispose();
        _writer = null;
        _epoch++;
    }

    void Open(LogRecordKind kind)
    {
        _records.Begin();
        _records.Buffer.WriteByte((byte)kind);
    }

    void DefinePage(LogPage page)
    {
        DefineSeries(page.Slots);
        page.Reset();
        page.DefinedInEpoch = _epoch;
        Open(LogRecordKind.Page);
        _records.Buffer.WriteVarint(page.Id);
        _records.Buffer.WriteVarint((ulong)page.Slots.Length);
        int last = -1;
        foreach (int slot in page.Slots)
        {
            _records.Buffer.WriteSigned(slot - last - 1);
            last = slot;
        }
        _records.End();
    }

    void DefineSeries(ReadOnlySpan<int> slots)
    {
        _undefined.Clear();
        foreach (int slot in slots)
        {
            ref var series = ref _index.Series[slot];
            if (series.DefinedInEpoch == _epoch) continue;
            series.DefinedInEpoch = _epoch;
            _undefined.Add(slot);
        }
        if (_undefined.Count == 0) return;
        Open(LogRecordKind.Series);
        _records.Buffer.WriteVarint((ulong)_undefined.Count);
        foreach (int slot in _undefined)
        {
            ref var series = ref _index.Series[slot];
            _records.Buffer.WriteVarint((ulong)slot);
            _records.Buffer.WriteVarint(series.LabelCount);
            for (int i = 0; i < series.LabelCount; i++)
            {
                var (name, value) = _index.SymbolsOf(series.Pairs[i]);
                WriteSymbol(name);
                WriteSymbol(value);
            }
        }
        _records.End();
    }

    /// <summary>The symbol's number doubled, plus one if its text follows (its first use in the segment).</summary>
    void WriteSymbol(uint symbol)
    {
        if (symbol >= _symbolEpochs.Length) Array.Resize(ref _symbolEpochs, Math.Max((int)symbol + 1, _symbolEpochs.Length * 2));
        bool known = _symbolEpochs[symbol] == _epoch;
        _records.Buffer.WriteVarint(((ulong)symbol << 1) | (known ? 0UL : 1UL));
        if (known) return;
        _symbolEpochs[symbol] = _epoch;
        _records.Buffer.WriteText(_index.Symbols[symbol]);
    }
}
