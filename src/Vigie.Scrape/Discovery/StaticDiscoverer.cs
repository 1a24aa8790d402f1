using Vigie.Configuration.Prometheus;

namespace Vigie.Scrape;

/// <summary><c>static_configs</c>.</summary>
sealed class StaticDiscoverer(StaticDiscoveryConfig config) : IDiscoverer
{
    public TimeSpan? RefreshInterval => null;

    public ValueTask<Discovered> FindAsync(CancellationToken cancellation) => new(new Discovered(config.Groups));
}
