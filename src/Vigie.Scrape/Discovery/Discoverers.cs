using Vigie.Configuration.Prometheus;

namespace Vigie.Scrape;

/// <summary>The kinds of discovery that work here, a line each; any other kind is a problem on the targets page.</summary>
static class Discoverers
{
    public static IDiscoverer Create(DiscoveryConfig config, ScrapeOptions options) => config switch
    {
        StaticDiscoveryConfig statics => new StaticDiscoverer(statics),
        FileDiscoveryConfig files => new FileDiscoverer(files, options.Files),
        HttpDiscoveryConfig http => new HttpDiscoverer(http, options),
        DnsDiscoveryConfig dns => new DnsDiscoverer(dns),
        _ => new UnreachableDiscoverer(config),
    };

    /// <summary>How the targets page names an entry.</summary>
    public static string SourceOf(DiscoveryConfig config)
    {
        string key = config.Kind == "static" ? "static_configs" : config.Kind + "_sd_configs";
        return config.Position.Line == 0 ? key : $"{key} at {config.Position}";
    }
}
