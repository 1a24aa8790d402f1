using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using static Veza.Shared.MeterNames;

namespace Veza.Shared;

/// <summary>
/// Looks every few seconds whether the database, the cache and the services this one needs answer, and says so in metrics: 1 for yes, 0
/// for no.
/// </summary>
public sealed class ServiceHealth : BackgroundService
{
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    readonly Dictionary<string, Func<CancellationToken, Task>> _checks = new(StringComparer.Ordinal);
    readonly Dictionary<string, double> _results = new(StringComparer.Ordinal); // guarded by itself
    readonly TimeProvider _clock;

    public ServiceHealth(
        IMeterFactory meters, ServiceName service, Database database, Cache cache, Dependencies dependencies, TimeProvider clock)
    {
        _clock = clock;
        var client = new HttpClient { Timeout = s_timeout };
        _checks["database"] = database.PingAsync;
        _checks["cache"] = cache.PingAsync;
        foreach (var (name, address) in dependencies.LiveAddresses)
            _checks[name] = async stopping => (await client.GetAsync(address, stopping)).EnsureSuccessStatusCode().Dispose();

        var meter = meters.Create("Veza.Health");
        meter.Gauge("1 while the service runs.", () => [new Measurement<double>(1, Tag("service", service.Value))], "service_up");
        meter.Gauge("1 when the database answers.", () => Results(name => name == "database"), "database_health");
        meter.Gauge("1 when the cache answers.", () => Results(name => name == "cache"), "cache_health");
        meter.Gauge("1 when a service that this one needs answers.",
            () => Results(dependencies.LiveAddresses.ContainsKey, "dependency"), "external_dependencies_health");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, _clock);
        do
        {
            await Task.WhenAll(_checks.Select(check => CheckAsync(check.Key, check.Value, stoppingToken)));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task CheckAsync(string name, Func<CancellationToken, Task> check, CancellationToken stopping)
    {
        var isHealthy = true;
        try
        {
            await check(stopping).WaitAsync(s_timeout, _clock, stopping);
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            isHealthy = false;
        }
        lock (_results) _results[name] = isHealthy ? 1 : 0;
    }

    List<Measurement<double>> Results(Func<string, bool> isWanted, string? label = null)
    {
        lock (_results)
        {
            return [.. _results.Where(result => isWanted(result.Key)).Select(result => label is null
                ? new Measurement<double>(result.Value)
                : new Measurement<double>(result.Value, Tag(label, result.Key)))];
        }
    }
}

/// <summary>The services this one needs: their names and liveness addresses.</summary>
public sealed record Dependencies(IReadOnlyDictionary<string, string> LiveAddresses)
{
    public static readonly Dependencies None = new(new Dictionary<string, string>());
}
