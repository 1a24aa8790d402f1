using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Remote;

/// <summary>
/// How far each shard of a destination has come in the store's log, on disk: what a position says was taken over by the receiver, or
/// refused
/// by it for good. Written after each request and before the next one, so that the death of the process leaves at most one request per
/// shard
/// in doubt. Layout: docs/formats/remote-write-positions.md. Safe for concurrent use.
/// </summary>
sealed class ShardPositions : IDisposable
{
    public const byte SegmentKind = 3;
    const byte SnapshotRecord = 1, AcknowledgedRecord = 2;
    const string Suffix = ".log";
    const long SegmentBytesMax = 256 << 10;
    const int ShardsMax = 100_000;

    readonly Lock _lock = new();
    readonly IFileSystem _files;
    readonly string _directory;
    readonly ILogger _logger;
    readonly LogRecords _records = new();
    LogSegmentWriter? _writer;
    LogPosition[] _acknowledged = [];
    ulong _nextSegment = 1;
    bool _failing;

    ShardPositions(IFileSystem files, string directory, ILogger logger) => (_files, _directory, _logger) = (files, directory, logger);

    /// <summary>Positions an earlier run left; none: empty.</summary>
    public IReadOnlyList<LogPosition> Acknowledged
    {
        get
        {
            lock (_lock) return [.. _acknowledged];
        }
    }

    public static ShardPositions Open(IFileSystem files, string directory, ILogger logger)
    {
        var positions = new ShardPositions(files, directory, logger);
        files.CreateDirectory(directory);
        foreach (ulong number in SegmentsIn(files, directory))
        {
            positions._nextSegment = number + 1;
            positions.Read(Path.Combine(directory, NameOf(number)));
        }
        return positions;
    }

    /// <summary>All shards anew: their number may be another than before.</summary>
    public void Reset(IReadOnlyList<LogPosition> acknowledged)
    {
        lock (_lock)
        {
            _acknowledged = [.. acknowledged];
            Write(WriteSnapshot);
        }
    }

    /// <summary>Moves shards on that have nothing to send before a position; none goes back.</summary>
    public void Advance(ReadOnlySpan<LogPosition> positions)
    {
        lock (_lock)
        {
            bool changed = false;
            for (int i = 0; i < _acknowledged.Length; i++)
            {
                if (positions[i] <= _acknowledged[i]) continue;
                _acknowledged[i] = positions[i];
                changed = true;
            }
            if (changed) Write(WriteSnapshot);
        }
    }

    /// <summary>A shard's samples before a position are done with.</summary>
    public void Acknowledge(int shard, LogPosition position)
    {
        lock (_lock)
        {
            _acknowledged[shard] = position;
            Write(() => WriteAcknowledged(shard, position));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    static string NameOf(ulong segment) => segment.ToString("d8", System.Globalization.CultureInfo.InvariantCulture) + Suffix;

    static List<ulong> SegmentsIn(IFileSystem files, string directory)
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

    void Read(string path)
    {
        byte[] bytes = _files.ReadAll(path);
        if (!SegmentHeader.TryRead(bytes, SegmentKind, out _, out string? problem))
        {
            _logger.LogPositionsRefused(path, problem!);
            return;
        }
        var reader = new LogSegmentReader(bytes);
        while (reader.TryRead(out var payload)) ReadRecord(payload);
    }

    void ReadRecord(ReadOnlySpan<byte> payload)
    {
        var input = new ByteReader(payload);
        byte kind = input.ReadByte();
        int number = (int)Math.Min(input.ReadVarint(), ShardsMax);
        if (kind == SnapshotRecord)
        {
            var positions = new LogPosition[number];
            for (int i = 0; i < number; i++) positions[i] = ReadPosition(ref input);
            if (!input.Failed) _acknowledged = positions;
        }
        else if (kind == AcknowledgedRecord)
        {
            var position = ReadPosition(ref input);
            if (!input.Failed && number < _acknowledged.Length) _acknowledged[number] = position;
        }
    }

    static LogPosition ReadPosition(ref ByteReader input) =>
        new(input.ReadVarint(), unchecked((long)input.ReadVarint()), unchecked((int)input.ReadVarint()));

    /// <summary>A failure is logged once: sending goes on, and a restart sends more again than it had to.</summary>
    void Write(Action write)
    {
        try
        {
            write();
            _failing = false;
        }
        catch (IOException problem)
        {
            if (!_failing) _logger.LogPositionsFailed(_directory, problem.Message);
            _failing = true;
        }
    }

    void WriteSnapshot()
    {
        if (_writer is null || _writer.IsBroken || _writer.Length > SegmentBytesMax) StartSegment();
        else Commit(AddSnapshot);
    }

    void WriteAcknowledged(int shard, LogPosition position)
    {
        if (_writer is null || _writer.IsBroken || _writer.Length > SegmentBytesMax)
        {
            StartSegment();
            return;
        }
        Commit(() =>
        {
            _records.Buffer.WriteByte(AcknowledgedRecord);
            _records.Buffer.WriteVarint((ulong)shard);
            AddPosition(position);
        });
    }

    /// <summary>A segment begins with all positions; those before it are not needed any more.</summary>
    void StartSegment()
    {
        ulong number = _nextSegment++;
        var old = _writer;
        _writer = LogSegmentWriter.Create(_files, Path.Combine(_directory, NameOf(number)), SegmentKind, number);
        old?.Dispose();
        Commit(AddSnapshot);
        _writer.Sync();
        foreach (ulong earlier in SegmentsIn(_files, _directory))
            if (earlier < number) _files.DeleteFile(Path.Combine(_directory, NameOf(earlier)));
    }

    void Commit(Action add)
    {
        _records.Clear();
        _records.Begin();
        add();
        _records.End();
        _writer!.Write(_records);
    }

    void AddSnapshot()
    {
        _records.Buffer.WriteByte(SnapshotRecord);
        _records.Buffer.WriteVarint((ulong)_acknowledged.Length);
        foreach (var position in _acknowledged) AddPosition(position);
    }

    void AddPosition(LogPosition position)
    {
        _records.Buffer.WriteVarint(position.Segment);
        _records.Buffer.WriteVarint((ulong)position.Offset);
        _records.Buffer.WriteVarint((ulong)position.Index);
    }
}
