using Microsoft.Extensions.Logging;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Remote;

/// <summary>
/// Sends to one destination what the store's log holds: reads it from the position the last run left, hands each sample to the shard of its
/// series, and waits while that one is full. One loop; properties may be asked for on any thread.
/// </summary>
sealed class RemoteWriter
{
    static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100), s_checkpoint = TimeSpan.FromSeconds(5), s_reshard = TimeSpan.FromSeconds(10);
    /// <summary>Longest wait for shards to empty before their number changes; it is then tried again later.</summary>
    static readonly TimeSpan s_drain = TimeSpan.FromSeconds(60);
    /// <summary>Longest wait for requests on their way when the writer is stopped.</summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    readonly WriteTarget _target;
    readonly ISampleLog _log;
    readonly ShardPositions _positions;
    readonly SeriesTable _series;
    readonly Func<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>> _metadata;
    readonly bool _countsInput;
    readonly CancellationTokenSource _stop = new(), _abort = new();
    readonly MovingRate _inRate = new(), _droppedRate = new();
    CancellationTokenSource _stopShards = new();
    Shard[] _shards = [];
    Task[] _running = [];
    ISampleLogReader _reader = null!;
    Task _loop = Task.CompletedTask;
    LogPosition[] _recovered = [];      // how far each shard had come when the last run ended; empty once the log is read that far
    LogPosition _recoveredUntil;
    Shard? _fullShard;
    bool _seriesChanged;
    long _checkpointed, _ticked, _metadataSet;
    ulong _readSegment;
    long _readOffset;
    long _highestReadMs;
    double _desiredShards;
    volatile bool _ending;

    /// <param name="countsInput">Whether what is read counts for the metrics that are common to all destinations.</param>
    public RemoteWriter(
        WriteTarget target, ISampleLog log, ShardPositions positions, Labels externalLabels,
        Func<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>> metadata, bool countsInput)
    {
        _target = target;
        _log = log;
        _positions = positions;
        _metadata = metadata;
        _countsInput = countsInput;
        _series = new SeriesTable(target.Config.WriteRelabelRules, externalLabels, target.IsVersion2);
        _desiredShards = target.Config.Queue.MinShards;
    }

    public RemoteWriteConfig Config => _target.Config;
    public RemoteWriteMetrics.Destination Destination => _target.Destination;
    public int Shards => Volatile.Read(ref _shards).Length;
    public double DesiredShards => Volatile.Read(ref _desiredShards);
    public long HighestSentMs => _target.HighestSentMs;
    public long HighestReadMs => Volatile.Read(ref _highestReadMs);
    public long PendingSamples => Volatile.Read(ref _shards).Sum(static shard => (long)shard.Pending.Samples);
    public long PendingHistograms => Volatile.Read(ref _shards).Sum(static shard => (long)shard.Pending.Histograms);
    public long PendingExemplars => Volatile.Read(ref _shards).Sum(static shard => (long)shard.Pending.Exemplars);

    /// <summary>Bytes of the log that are not read yet.</summary>
    public long PendingLogBytes
    {
        get
        {
            ulong segment = Volatile.Read(ref _readSegment);
            long offset = Volatile.Read(ref _readOffset), bytes = 0;
            foreach (var (number, size) in _log.Kept)
                if (number >= segment) bytes += number == segment ? Math.Max(0, size - offset) : size;
            return bytes;
        }
    }

    /// <summary>The first segment with something that is not acknowledged.</summary>
    public ulong OldestNeeded
    {
        get
        {
            // By what is on disk: a restart begins there.
            return _positions.Acknowledged.Min().Segment;
        }
    }

    /// <summary>Where the writer will start; call before <see cref="Start"/>, and keep the log from there on.</summary>
    public ulong Prepare()
    {
        var acknowledged = _positions.Acknowledged;
        if (acknowledged.Count == 0)
        {
            var end = _log.End;
            acknowledged = [.. Enumerable.Repeat(end, (int)_target.Config.Queue.MinShards)];
            _positions.Reset(acknowledged);
            _target.Logger.LogBegins(_target.Name, _target.Config.Url);
        }
        _recovered = [.. acknowledged];
        _recoveredUntil = _recovered.Max();
        var first = _recovered.Min();
        (_readSegment, _readOffset) = (first.Segment, first.Offset);
        return first.Segment;
    }

    public void Start()
    {
        var first = _recovered.Min();
        _target.Logger.LogGoesOn(_target.Name, _target.Config.Url, first.Segment, first.Offset, _recovered.Length);
        if (_log.Kept is [var (kept, _), ..] && kept > first.Segment && first.Segment < _log.End.Segment)
            _target.Logger.LogGap(_target.Name, first.Segment, kept);
        _reader = _log.OpenReader(first.Segment);
        _checkpointed = _ticked = _target.Clock.GetTimestamp();
        StartShards(_recovered.Length, mayRepeat: true);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Stops sending. What is not acknowledged stays in the log.</summary>
    /// <param name="drain">How long to go on sending first, while the receiver takes it: zero for not at all.</param>
    public async Task StopAsync(TimeSpan drain)
    {
        if (drain > TimeSpan.Zero)
        {
            _ending = true;
            long started = _target.Clock.GetTimestamp();
            while (!_loop.IsCompleted && _target.Clock.GetElapsedTime(started) < drain && !Volatile.Read(ref _shards).Any(static one => one.IsRetrying))
                await Task.WhenAny(_loop, Task.Delay(s_poll, _target.Clock)).ConfigureAwait(false);
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        await _stopShards.CancelAsync().ConfigureAwait(false);
        var all = Task.WhenAll([_loop, .. _running]);
        await Task.WhenAny(all, Task.Delay(s_grace, _target.Clock)).ConfigureAwait(false);
        await _abort.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(false);
        foreach (var shard in _shards) shard.Dispose();
        _reader.Dispose();
        _positions.Dispose();
        _target.Client.Dispose();
        _stopShards.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    async Task RunAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await DoWhatIsDueAsync(stop).ConfigureAwait(false);
                var kind = ReadNext();
                (_readSegment, _readOffset) = (_reader.Position.Segment, _reader.Position.Offset);
                switch (kind)
                {
                    case LoggedKind.None:
                        if (_ending)
                        {
                            await DrainAsync(s_drain, stop).ConfigureAwait(false);
                            Checkpoint();
                            return;
                        }
                        await Task.Delay(s_poll, _target.Clock, stop).ConfigureAwait(false);
                        break;
                    case LoggedKind.Segment:
                        _series.Clear();
                        break;
                    case LoggedKind.Series:
                        foreach (var (number, labels) in _reader.Series) _series.Define(number, labels);
                        _seriesChanged = true;
                        break;
                    default:
                        if (_seriesChanged) SetMetadata();
                        await EnqueueAsync(kind, stop).ConfigureAwait(false);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped; the position on disk says where to go on.
        }
    }

    LoggedKind ReadNext()
    {
        try
        {
            return _reader.Read();
        }
        catch (IOException problem)
        {
            _target.Logger.LogUnreadable(_target.Name, problem.Message);
            return LoggedKind.None;
        }
    }

    async Task EnqueueAsync(LoggedKind kind, CancellationToken stop)
    {
        int next = 0;
        while ((next = kind switch
        {
            LoggedKind.Samples => EnqueueSamples(next),
            LoggedKind.Histogram => EnqueueHistogram(),
            _ => EnqueueExemplar(),
        }) >= 0)
        {
            _target.Metrics.EnqueueRetries.Add(1, Destination.Name, Destination.Url);
            await _fullShard!.Room.WaitAsync(stop).ConfigureAwait(false);
        }
        if (_recovered.Length > 0 && _reader.Next >= _recoveredUntil) _recovered = [];
    }

    /// <returns>Index of the first sample whose shard was full, −1 if all are in.</returns>
    int EnqueueSamples(int from)
    {
        var numbers = _reader.Numbers;
        var timestamps = _reader.Timestamps;
        var values = _reader.Values;
        var position = _reader.Position;
        long oldest = _target.OldestAllowedMs() ?? long.MinValue;
        long highest = _highestReadMs;
        int at = from, tooOld = 0, dropped = 0, unknown = 0, skipped = 0;
        for (; at < numbers.Length; at++)
        {
            var entry = _series[numbers[at]];
            int shard = ShardOf(entry);
            var here = position with { Index = at };
            if (_recovered.Length > 0 && here < _recovered[shard])
            {
                skipped++;
            }
            else if (entry.Encoded is not { } series)
            {
                if (entry.IsKnown) dropped++;
                else unknown++;
            }
            else if (timestamps[at] < oldest)
            {
                tooOld++;
            }
            else if (!_shards[shard].TryAdd(series, _series.Pool, timestamps[at], values[at], here))
            {
                _fullShard = _shards[shard];
                break;
            }
            highest = Math.Max(highest, timestamps[at]);
        }
        Volatile.Write(ref _highestReadMs, highest);
        _inRate.Add(at - from - skipped);
        _droppedRate.Add(tooOld + dropped + unknown);
        if (_countsInput) _target.Metrics.SamplesIn.Add(at - from - skipped);
        if (tooOld > 0) _target.Dropped(tooOld, 0, 0, DropReason.TooOld);
        if (dropped > 0) _target.Dropped(dropped, 0, 0, DropReason.DroppedSeries);
        if (unknown > 0) _target.Dropped(unknown, 0, 0, DropReason.UnknownSeries);
        return at < numbers.Length ? at : -1;
    }

    /// <returns>0 if the shard was full, −1 if it is in.</returns>
    int EnqueueHistogram()
    {
        if (!_target.Config.SendNativeHistograms) return -1;
        var entry = _series[_reader.Numbers[0]];
        int shard = ShardOf(entry);
        if (_recovered.Length > 0 && _reader.Position < _recovered[shard]) return -1;
        long timestamp = _reader.Timestamps[0];
        var histogram = _reader.Histogram!;
        KeyValuePair<string, object?>? reason = entry.Encoded is null ? entry.IsKnown ? DropReason.DroppedSeries : DropReason.UnknownSeries
            : timestamp < _target.OldestAllowedMs() ? DropReason.TooOld
            : histogram.UsesCustomBuckets && !_target.IsVersion2 ? DropReason.CustomBuckets
            : null;
        if (reason is null && !_shards[shard].TryAdd(entry.Encoded!, _series.Pool, timestamp, histogram, _reader.Position))
        {
            _fullShard = _shards[shard];
            return 0;
        }
        _inRate.Add(1);
        if (_countsInput) _target.Metrics.HistogramsIn.Add(1);
        Volatile.Write(ref _highestReadMs, Math.Max(_highestReadMs, timestamp));
        if (reason is { } why)
        {
            _droppedRate.Add(1);
            _target.Dropped(0, 1, 0, why);
        }
        return -1;
    }

    /// <inheritdoc cref="EnqueueHistogram"/>
    int EnqueueExemplar()
    {
        if (!_target.Config.SendExemplars) return -1;
        var entry = _series[_reader.Numbers[0]];
        int shard = ShardOf(entry);
        if (_recovered.Length > 0 && _reader.Position < _recovered[shard]) return -1;
        KeyValuePair<string, object?>? reason = entry.Encoded is null ? entry.IsKnown ? DropReason.DroppedSeries : DropReason.UnknownSeries
            : _reader.Timestamps[0] < _target.OldestAllowedMs() ? DropReason.TooOld
            : null;
        if (reason is null && !_shards[shard].TryAdd(entry.Encoded!, _series.Pool, _reader.Exemplar, _reader.Position))
        {
            _fullShard = _shards[shard];
            return 0;
        }
        if (_countsInput) _target.Metrics.ExemplarsIn.Add(1);
        if (reason is { } why) _target.Dropped(0, 0, 1, why);
        return -1;
    }

    int ShardOf(in SeriesTable.Entry entry) => (int)(entry.Hash % (ulong)_shards.Length);

    async Task DoWhatIsDueAsync(CancellationToken stop)
    {
        long now = _target.Clock.GetTimestamp();
        if (_target.Clock.GetElapsedTime(_checkpointed, now) >= s_checkpoint)
        {
            _checkpointed = now;
            Checkpoint();
            if (_target.Clock.GetElapsedTime(_metadataSet, now) >= _target.Config.Metadata.SendInterval) SetMetadata();
        }
        var sinceTick = _target.Clock.GetElapsedTime(_ticked, now);
        if (sinceTick < s_reshard) return;
        _ticked = now;
        int count = ChooseShards(sinceTick);
        if (count != _shards.Length && WasSentLately(now)) await ReshardAsync(count, stop).ConfigureAwait(false);
    }

    /// <summary>Version 2.0 sends metadata with the series.</summary>
    void SetMetadata()
    {
        _seriesChanged = false;
        _metadataSet = _target.Clock.GetTimestamp();
        if (_target.IsVersion2 && _target.Config.Metadata.Send) _series.SetMetadata(_metadata());
    }

    /// <summary>Shards that have nothing to do are as far as the reading is.</summary>
    void Checkpoint()
    {
        if (_recovered.Length > 0) return;
        var positions = new LogPosition[_shards.Length];
        for (int i = 0; i < positions.Length; i++) positions[i] = _shards[i].Oldest ?? _reader.Next;
        _positions.Advance(positions);
    }

    int ChooseShards(TimeSpan sinceTick)
    {
        _inRate.Tick(sinceTick);
        _droppedRate.Tick(sinceTick);
        _target.OutRate.Tick(sinceTick);
        _target.OutDuration.Tick(sinceTick);
        long pendingBytes = PendingLogBytes;
        double pending = PendingSamples + PendingHistograms + (pendingBytes / BytesPerSampleGuess);
        var rates = new WriteRates(
            _inRate.PerSecond, _droppedRate.PerSecond, _target.OutRate.PerSecond,
            _target.OutDuration.PerSecond / TimeSpan.TicksPerSecond, pending);
        int count = ShardCount.Choose(_shards.Length, rates, _target.Config.Queue, out double desired);
        Volatile.Write(ref _desiredShards, desired);
        return count;
    }

    /// <summary>What a sample takes in the log, roughly: enough to tell a long backlog from a short one.</summary>
    const double BytesPerSampleGuess = 2;

    /// <summary>A receiver that is down does not get more connections.</summary>
    bool WasSentLately(long now)
    {
        var lately = _target.Config.Queue.BatchSendDeadline * 2;
        if (lately < s_reshard) lately = s_reshard;
        return _target.LastSent != 0 && _target.Clock.GetElapsedTime(_target.LastSent, now) <= lately
            && !_shards.Any(static shard => shard.IsRetrying);
    }

    async Task ReshardAsync(int count, CancellationToken stop)
    {
        if (_recovered.Length > 0 || !await DrainAsync(s_drain, stop).ConfigureAwait(false)) return;
        await _stopShards.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        foreach (var shard in _shards) shard.Dispose();
        _stopShards.Dispose();
        _stopShards = new CancellationTokenSource();
        _target.Logger.LogResharded(_target.Name, _shards.Length, count);
        _positions.Reset([.. Enumerable.Repeat(_reader.Next, count)]);
        StartShards(count, mayRepeat: false);
    }

    void StartShards(int count, bool mayRepeat)
    {
        var shards = new Shard[count];
        for (int i = 0; i < count; i++) shards[i] = new Shard(i, _target, _positions, mayRepeat);
        Volatile.Write(ref _shards, shards);
        var (stop, abort) = (_stopShards.Token, _abort.Token);
        _running = [.. shards.Select(shard => Task.Run(() => shard.RunAsync(stop, abort)))];
    }

    /// <returns>False if the shards did not become empty in time.</returns>
    async Task<bool> DrainAsync(TimeSpan timeout, CancellationToken stop)
    {
        long started = _target.Clock.GetTimestamp();
        foreach (var shard in _shards) shard.Flush(true);
        while (!_shards.All(static shard => shard.IsIdle))
        {
            if (_target.Clock.GetElapsedTime(started) >= timeout) break;
            await Task.Delay(s_poll, _target.Clock, stop).ConfigureAwait(false);
        }
        foreach (var shard in _shards) shard.Flush(false);
        return _shards.All(static shard => shard.IsIdle);
    }
}
