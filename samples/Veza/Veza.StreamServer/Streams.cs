using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.StreamServer;

/// <summary>The streams on the air and who watches them.</summary>
public sealed class Streams
{
    const int StreamsMax = 200;
    const int ViewersMax = 10_000;

    readonly ConcurrentDictionary<string, LiveStream> _streams = new(StringComparer.Ordinal);
    readonly Database _database;
    readonly TimeProvider _clock;
    readonly Histogram<double> _durations;
    int _lastId;
    long _started;
    double _hours; // added to by the encoder loop alone

    public Streams(IMeterFactory meters, Database database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
        var meter = meters.Create("Veza.Streams");
        meter.Gauge("Streams on the air.", () => _streams.Count, "streams_active", "veza_streams_active_total");
        meter.Gauge("Sessions watching a stream.", () => Viewers, "stream_sessions_active", "veza_stream_viewers_total");
        meter.Counter("Total number of streams started.", () => Interlocked.Read(ref _started), "streams_started_total");
        meter.Counter("Hours watched, all viewers together.", () => Volatile.Read(ref _hours), "veza_streaming_hours_total");
        meter.Gauge("Stream bitrate in bits per second.", () =>
            _streams.Values.Select(stream => new Measurement<double>(stream.BitrateBps, Tag("stream_id", stream.Id))), "stream_bitrate_bps");
        _durations = meter.CreateHistogram("stream_duration_seconds", null, "Duration of ended streams in seconds.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 10800] });
    }

    public IEnumerable<LiveStream> Live => _streams.Values;

    int Viewers => _streams.Values.Sum(stream => stream.Viewers.Count);

    /// <summary>Null when too many are on the air.</summary>
    public Task<LiveStream?> StartAsync(string title, int bitrateBps, CancellationToken cancellationToken) =>
        _database.InsertAsync("streams", () =>
        {
            if (_streams.Count >= StreamsMax) return null;
            var stream = new LiveStream($"s{Interlocked.Increment(ref _lastId)}", title, bitrateBps, _clock.GetTimestamp());
            _streams[stream.Id] = stream;
            Interlocked.Increment(ref _started);
            return stream;
        }, cancellationToken);

    public Task<bool> StopAsync(string id, CancellationToken cancellationToken) =>
        _database.UpdateAsync("streams", () =>
        {
            if (!_streams.TryRemove(id, out var stream)) return false;
            _durations.Record(_clock.GetElapsedTime(stream.StartedAt).TotalSeconds);
            return true;
        }, cancellationToken);

    public LiveStream? Find(string id)
    {
        if (!_streams.TryGetValue(id, out var stream)) return null;
        stream.TouchedAt = _clock.GetTimestamp();
        return stream;
    }

    public bool TryJoin(LiveStream stream, string session)
    {
        if (Viewers >= ViewersMax) return false;
        stream.Viewers[session] = true;
        return true;
    }

    public void Watched(TimeSpan time) => Volatile.Write(ref _hours, _hours + time.TotalHours);
}
