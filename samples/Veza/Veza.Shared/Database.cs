using System.Diagnostics.Metrics;
using static Veza.Shared.MeterNames;

namespace Veza.Shared;

/// <summary>
/// The platform's database: memory behind a connection pool. Queries wait for a connection and take the time such queries take; now
/// and then one is slow, as when a plan goes wrong.
/// </summary>
public sealed class Database
{
    const int ConnectionsMin = 2;
    const int ConnectionsMax = 100;
    const double TypicalMs = 8;
    const double Spread = 0.8; // of the logarithm
    const double SlowShare = 0.0005;
    static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan s_activeFor = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_keptFor = TimeSpan.FromSeconds(30);

    readonly TimeProvider _clock;
    readonly SemaphoreSlim _slots = new(ConnectionsMax);
    readonly Lock _lock = new();
    readonly List<Connection> _idle = []; // guarded by _lock; oldest use first, taken from the end so that spare ones grow old
    int _inUse; // guarded by _lock
    readonly RollingSum _queries;
    readonly RollingSum _querySeconds;
    readonly Histogram<double> _durations;
    readonly Histogram<double> _vezaDurations;
    readonly Histogram<double> _vezaTimes;
    readonly Counter<long> _slowQueries;

    public Database(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _queries = new RollingSum(clock, TimeSpan.FromMinutes(1));
        _querySeconds = new RollingSum(clock, TimeSpan.FromMinutes(1));
        for (var i = 0; i < ConnectionsMin; i++) _idle.Add(new Connection(clock.GetTimestamp()));

        var meter = meters.Create("Veza.Database");
        meter.Gauge("Open database connections.", () => Open, "database_connections", "veza_db_connections");
        meter.Gauge("Database connections in use within the last 5 seconds.", () => Active,
            "database_connections_active", "veza_postgres_connections_active");
        meter.Gauge("Open database connections not in use.", () => Open - Active, "database_connections_idle");
        meter.Gauge("Average query time of the last minute in seconds.", () => _queries.Sum is > 0 and var n ? _querySeconds.Sum / n : 0,
            "veza_database_query_time_avg");
        _durations = meter.CreateHistogram<double>("database_query_duration_seconds", null, "Database query duration in seconds.");
        _vezaDurations = meter.CreateHistogram<double>("veza_db_query_duration_seconds", null, "Database query duration in seconds.");
        _vezaTimes = meter.CreateHistogram<double>("veza_db_query_time_seconds", null, "Database query time in seconds, by table.");
        _slowQueries = meter.CreateCounter<long>("database_slow_queries_total", null, "Queries that took longer than 200 ms.");
        _slowQueries.Add(0);
    }

    int Open
    {
        get
        {
            lock (_lock) return _idle.Count + _inUse;
        }
    }

    int Active
    {
        get
        {
            lock (_lock) return _inUse + _idle.Count(connection => _clock.GetElapsedTime(connection.UsedAt) < s_activeFor);
        }
    }

    public Task<T> SelectAsync<T>(string table, Func<T> work, CancellationToken cancellationToken) =>
        RunAsync("select", table, work, cancellationToken);

    public Task<T> InsertAsync<T>(string table, Func<T> work, CancellationToken cancellationToken) =>
        RunAsync("insert", table, work, cancellationToken);

    public Task<T> UpdateAsync<T>(string table, Func<T> work, CancellationToken cancellationToken) =>
        RunAsync("update", table, work, cancellationToken);

    public Task<T> DeleteAsync<T>(string table, Func<T> work, CancellationToken cancellationToken) =>
        RunAsync("delete", table, work, cancellationToken);

    /// <summary>Takes a connection and gives it back: what a readiness check does.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => RunAsync("ping", "none", () => true, cancellationToken);

    async Task<T> RunAsync<T>(string type, string table, Func<T> work, CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        await _slots.WaitAsync(cancellationToken);
        var connection = Take();
        try
        {
            await Task.Delay(QueryTime(), _clock, cancellationToken);
            return work();
        }
        finally
        {
            Return(connection);
            _slots.Release();
            Record(type, table, _clock.GetElapsedTime(start));
        }
    }

    Connection Take()
    {
        lock (_lock)
        {
            _inUse++;
            if (_idle.Count == 0) return new Connection(_clock.GetTimestamp());
            var connection = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return connection;
        }
    }

    void Return(Connection connection)
    {
        lock (_lock)
        {
            _inUse--;
            connection.UsedAt = _clock.GetTimestamp();
            _idle.Add(connection);
            while (_idle.Count > ConnectionsMin && _clock.GetElapsedTime(_idle[0].UsedAt) > s_keptFor) _idle.RemoveAt(0);
        }
    }

    void Record(string type, string table, TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        _durations.Record(seconds, Tag("query_type", type));
        _vezaDurations.Record(seconds, Tag("query_type", type));
        _vezaTimes.Record(seconds, Tag("query_type", type), Tag("table", table));
        _queries.Add(1);
        _querySeconds.Add(seconds);
        if (duration >= s_slow) _slowQueries.Add(1);
    }

    static TimeSpan QueryTime()
    {
        if (Random.Shared.NextDouble() < SlowShare) return s_slow * (1 + (2 * Random.Shared.NextDouble()));
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble())) * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        return TimeSpan.FromMilliseconds(TypicalMs * Math.Exp(Spread * normal));
    }

    sealed class Connection(long usedAt)
    {
        public long UsedAt { get; set; } = usedAt;
    }
}
