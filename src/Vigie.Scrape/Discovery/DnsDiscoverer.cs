using System.Net;
using System.Net.Sockets;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary><c>dns_sd_configs</c> of types A and AAAA: a target per address. The platform's resolver looks up no other types.</summary>
sealed class DnsDiscoverer(DnsDiscoveryConfig config) : IDiscoverer
{
    public TimeSpan? RefreshInterval => config.RefreshInterval;

    public async ValueTask<Discovered> FindAsync(CancellationToken cancellation)
    {
        AddressFamily family;
        switch (config.RecordType)
        {
            case "A": family = AddressFamily.InterNetwork; break;
            case "AAAA": family = AddressFamily.InterNetworkV6; break;
            default: return new Discovered([], $"found DNS record type {config.RecordType}, expected A or AAAA: no targets");
        }
        var groups = new List<TargetGroup>();
        string? problem = null;
        foreach (string name in config.Names)
        {
            try
            {
                var addresses = await Dns.GetHostAddressesAsync(name, family, cancellation).ConfigureAwait(false);
                groups.Add(new TargetGroup([.. addresses.Select(address => new IPEndPoint(address, config.Port).ToString())],
                    Labels.Of(("__meta_dns_name", name)), name));
            }
            catch (SocketException failure)
            {
                problem = $"{name}: {failure.Message}";
            }
        }
        return new Discovered(problem is null ? groups : null, problem);
    }
}
