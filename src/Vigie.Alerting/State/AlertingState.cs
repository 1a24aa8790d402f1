using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Vigie.Storage;

namespace Vigie.Alerting;

/// <summary>
/// Alerts, silences and the notification log on disk, as a log of changes (docs/formats/alerting-state.md). What a write returned for
/// survives the death of the process; silences also survive a power cut. Rewritten as a snapshot at start and when it has grown.
/// Safe for concurrent use.
/// </summary>
sealed class AlertingState : IDisposable
{
    /// <summary>Marks the segments of this log (<see cref="SegmentHeader.Kind"/>).</summary>
    const byte SegmentKind = 3;

    /// <summary>A log longer than this, and than twice its last snapshot, is rewritten.</summary>
    const long RewriteBytesMin = 4 << 20;

    readonly Lock _lock = new();
    readonly IFileSystem _files;
    readonly string _directory;
    readonly ILogger _logger;
    readonly LogRecords _records = new();
    readonly ArrayBufferWriter<byte> _json = new();
    LogSegmentWriter? _segment;
    ulong _lastNumber;
    long _snapshotBytes;
    bool _failing;

    AlertingState(IFileSystem files, string directory, ILogger logger)
    {
        _files = files;
        _directory = directory;
        _logger = logger;
    }

    /// <summary>Opens the log of a folder, created if it does not exist, and hands over what it holds, in order.</summary>
    public static AlertingState Open(IFileSystem files, string directory, ILogger logger, Action<object> restore)
    {
        var state = new AlertingState(files, directory, logger);
        files.CreateDirectory(directory);
        foreach (string name in files.ListFiles(directory))
            if (TryParseName(name, out ulong number)) state.Replay(Path.Combine(directory, name), number, restore);
        return state;
    }

    /// <summary>The log should be rewritten with <see cref="Rewrite"/>: it is new, or has grown.</summary>
    public bool WantsRewrite
    {
        get
        {
            lock (_lock) return _segment is null || _segment.IsBroken || _segment.Length > Math.Max(RewriteBytesMin, 2 * _snapshotBytes);
        }
    }

    /// <exception cref="IOException">It is not stored.</exception>
    public void Write(Silence silence)
    {
        lock (_lock)
        {
            Append(() => StateRecords.Write(_json, silence));
            _segment!.Sync();
        }
    }

    /// <summary>A failure is logged: it must not keep alerts from being notified.</summary>
    public void Write(ActiveAlert alert) => TryAppend(() => StateRecords.Write(_json, alert));

    /// <inheritdoc cref="Write(ActiveAlert)"/>
    public void Write(NotificationLogEntry entry) => TryAppend(() => StateRecords.Write(_json, entry));

    /// <summary>
    /// Begins a new segment with everything that is still known and drops the older ones. A crash on the way leaves both; replaying the
    /// old and then a part of the new gives the same state. The callers' collections must not change meanwhile, or be written again.
    /// </summary>
    public void Rewrite(Func<IEnumerable<ActiveAlert>> alerts, Func<IEnumerable<Silence>> silences, Func<IEnumerable<NotificationLogEntry>> log)
    {
        lock (_lock)
        {
            try
            {
                var old = _segment;
                ulong number = _lastNumber + 1;
                var segment = LogSegmentWriter.Create(_files, Path.Combine(_directory, NameOf(number)), SegmentKind, number);
                _lastNumber = number;
                _segment = segment;
                _records.Clear();
                foreach (var alert in alerts()) Add(() => StateRecords.Write(_json, alert));
                foreach (var silence in silences()) Add(() => StateRecords.Write(_json, silence));
                foreach (var entry in log()) Add(() => StateRecords.Write(_json, entry));
                if (!_records.Written.IsEmpty) segment.Write(_records);
                segment.Sync();
                _snapshotBytes = segment.Length;
                old?.Dispose();
                foreach (string name in _files.ListFiles(_directory))
                    if (TryParseName(name, out ulong other) && other < number) _files.DeleteFile(Path.Combine(_directory, name));
            }
            catch (IOException problem)
            {
                ReportFailure(problem);
            }
        }
    }

    /// <summary>Makes what was written survive a power cut.</summary>
    public void Sync()
    {
        lock (_lock)
        {
            try
            {
                _segment?.Sync();
            }
            catch (IOException problem)
            {
                ReportFailure(problem);
            }
        }
    }

    public void Dispose()
    {
        Sync();
        lock (_lock) _segment?.Dispose();
    }

    void TryAppend(Action write)
    {
        lock (_lock)
        {
            try
            {
                Append(write);
                if (_failing) _logger.LogStateAvailable();
                _failing = false;
            }
            catch (IOException problem)
            {
                ReportFailure(problem);
            }
        }
    }

    void Append(Action write)
    {
        if (_segment is null) throw new IOException("the state of alerting cannot be stored: no log could be opened");
        _records.Clear();
        Add(write);
        _segment.Write(_records);
    }

    void Add(Action write)
    {
        _json.ResetWrittenCount();
        write();
        _records.Begin();
        _records.Buffer.WriteBytes(_json.WrittenSpan);
        _records.End();
    }

    void ReportFailure(IOException problem)
    {
        if (!_failing) _logger.LogStateUnavailable(problem.Message);
        _failing = true;
    }

    void Replay(string path, ulong number, Action<object> restore)
    {
        _lastNumber = Math.Max(_lastNumber, number);
        byte[] bytes = _files.ReadAll(path);
        if (!SegmentHeader.TryRead(bytes, SegmentKind, out _, out string? problem))
        {
            _logger.LogStateRefused(path, problem!);
            return;
        }
        var reader = new LogSegmentReader(bytes);
        while (reader.TryRead(out var record))
        {
            try
            {
                if (StateRecords.Read(record) is { } known) restore(known);
            }
            catch (FormatException unreadable)
            {
                _logger.LogStateRefused(path, unreadable.Message);
            }
        }
        if (reader.DamagedRecords > 0) _logger.LogStateDamaged(path, reader.FirstDamageOffset, reader.DamagedBytes);
    }

    static string NameOf(ulong number) => string.Create(CultureInfo.InvariantCulture, $"state-{number:00000000}.log");

    static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.StartsWith("state-", StringComparison.Ordinal) && name.EndsWith(".log", StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(6, name.Length - 10), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
