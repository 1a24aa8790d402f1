using Vigie.Configuration.Prometheus;

namespace Vigie.Scrape;

/// <summary>
/// A discovery that is accepted in the configuration but finds nothing here, because its source (Kubernetes, a cloud, a service registry)
/// cannot be asked. It is said on the targets page and never keeps the rest from running.
/// </summary>
sealed class UnreachableDiscoverer(DiscoveryConfig config) : IDiscoverer
{
    public TimeSpan? RefreshInterval => null;

    public ValueTask<Discovered> FindAsync(CancellationToken cancellation)
    {
        string problem = config.Kind == "kubernetes" && Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is null
            ? "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined: no targets"
            : $"{config.Kind} discovery is not available in this version: no targets";
        return new(new Discovered([], problem));
    }
}
