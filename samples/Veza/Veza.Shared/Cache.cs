using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using static Veza.Shared.MeterNames;

namespace Veza.Shared;

/// <summary>The platform's cache, in the part of Redis: text values with a time to live, bounded in number.</summary>
public sealed class Cache
{
    const int EntriesMax = 50_000;
    const int EntryOverheadBytes = 96;
    static readonly TimeSpan s_ratioWindow = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly TimeProvider _clock;
    readonly RollingSum _recentHits;
    readonly RollingSum _recentLookups;
    readonly Counter<long> _operations;
    readonly Histogram<double> _durations;
    long _hits;
    long _misses;
    long _bytes;
    long _connections = 1;

    public Cache(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _recentHits = new RollingSum(clock, s_ratioWindow);
        _recentLookups = new RollingSum(clock, s_ratioWindow);

        var meter = meters.Create("Veza.Cache");
        meter.Counter("Cache lookups that found a value.", () => Interlocked.Read(ref _hits), "veza_cache_hits_total");
        meter.Counter("Cache lookups that found nothing.", () => Interlocked.Read(ref _misses), "veza_cache_misses_total");
        meter.Gauge("Share of cache lookups of the last 5 minutes that found a value; absent without lookups.", HitRatio, "cache_hit_ratio");
        meter.Gauge("Connections to the cache.", () => Interlocked.Read(ref _connections), "redis_connections_active");
        meter.Gauge("Memory the cache uses in bytes.", () => Interlocked.Read(ref _bytes),
            "redis_memory_usage_bytes", "veza_redis_memory_usage_bytes");
        _operations = meter.CreateCounter<long>("redis_operations_total", null, "Cache operations.");
        _durations = meter.CreateHistogram("redis_operation_duration_seconds", null, "Cache operation duration in seconds.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.000001, 0.00001, 0.0001, 0.001, 0.01, 0.1, 1] });
    }

    public string? Get(string key)
    {
        var start = _clock.GetTimestamp();
        var isHit = _entries.TryGetValue(key, out var entry) && entry.ExpiresAt > _clock.GetUtcNow();
        Interlocked.Increment(ref isHit ? ref _hits : ref _misses);
        _recentLookups.Add(1);
        if (isHit) _recentHits.Add(1);
        Record("get", start);
        return isHit ? entry!.Value : null;
    }

    /// <summary>Sets a value; when the cache is full, expired entries make room first, and the value is left out if none are.</summary>
    public void Set(string key, string value, TimeSpan timeToLive)
    {
        var start = _clock.GetTimestamp();
        if (_entries.Count >= EntriesMax) RemoveExpired();
        if (_entries.Count < EntriesMax)
        {
            var entry = new Entry(value, _clock.GetUtcNow() + timeToLive, SizeOf(key, value));
            Remove(key);
            if (_entries.TryAdd(key, entry)) Interlocked.Add(ref _bytes, entry.Bytes);
        }
        Record("set", start);
    }

    public void Delete(string key)
    {
        var start = _clock.GetTimestamp();
        Remove(key);
        Record("del", start);
    }

    /// <summary>The cached value, or the one that <paramref name="load"/> gives, which is then cached; null is not.</summary>
    public async Task<string?> GetOrLoadAsync(string key, TimeSpan timeToLive, Func<Task<string?>> load)
    {
        if (Get(key) is { } cached) return cached;
        var loaded = await load();
        if (loaded is not null) Set(key, loaded, timeToLive);
        return loaded;
    }

    /// <summary>A connection that stays open, such as a subscription's. Dispose closes it.</summary>
    public IDisposable Connect()
    {
        Interlocked.Increment(ref _connections);
        return new CacheConnection(this);
    }

    public Task PingAsync(CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        cancellationToken.ThrowIfCancellationRequested();
        Record("ping", start);
        return Task.CompletedTask;
    }

    void Record(string operation, long start)
    {
        _operations.Add(1, Tag("operation", operation));
        _durations.Record(_clock.GetElapsedTime(start).TotalSeconds, Tag("operation", operation));
    }

    IEnumerable<Measurement<double>> HitRatio()
    {
        var lookups = _recentLookups.Sum;
        if (lookups > 0) yield return new Measurement<double>(Math.Min(1, _recentHits.Sum / lookups));
    }

    void Remove(string key)
    {
        if (_entries.TryRemove(key, out var entry)) Interlocked.Add(ref _bytes, -entry.Bytes);
    }

    void RemoveExpired()
    {
        var now = _clock.GetUtcNow();
        foreach (var (key, entry) in _entries)
        {
            if (entry.ExpiresAt <= now) Remove(key);
        }
    }

    static int SizeOf(string key, string value) => EntryOverheadBytes + Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);

    sealed record Entry(string Value, DateTimeOffset ExpiresAt, int Bytes);

    sealed class CacheConnection(Cache cache) : IDisposable
    {
        int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0) Interlocked.Decrement(ref cache._connections);
        }
    }
}
