using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>Makes the discoveries of a section that holds <see cref="DiscoverySchemas.Fields"/>.</summary>
static class DiscoveryBuilder
{
    /// <param name="checkAddresses">Refuse static targets that are no host and port: without relabelling nothing can make them one.</param>
    public static IReadOnlyList<DiscoveryConfig> Build(Section s, SectionReader reader, bool checkAddresses)
    {
        var discoveries = new List<DiscoveryConfig>();
        foreach (string kind in DiscoverySchemas.ByKind.Keys)
            foreach (var section in s.Subs($"{kind}_sd_configs")) discoveries.Add(Build(kind, section));
        var groups = s.Subs("static_configs");
        if (groups.Count > 0)
        {
            discoveries.Add(new StaticDiscoveryConfig
            {
                Position = s.NodeOf("static_configs").Position,
                Groups = [.. groups.Select((g, i) => BuildGroup(g, i, reader, checkAddresses))],
            });
        }
        return discoveries;
    }

    static DiscoveryConfig Build(string kind, Section s) => kind switch
    {
        "file" => new FileDiscoveryConfig
        {
            Position = s.Node.Position,
            Files = s.Texts("files"),
            RefreshInterval = s.Duration("refresh_interval"),
        },
        "http" => new HttpDiscoveryConfig
        {
            Position = s.Node.Position,
            Url = s.Text("url"),
            RefreshInterval = s.Duration("refresh_interval"),
            Http = HttpClientSchema.Build(s),
        },
        "dns" => new DnsDiscoveryConfig
        {
            Position = s.Node.Position,
            Names = s.Texts("names"),
            RecordType = s.Text("type"),
            Port = (int)s.Int("port"),
            RefreshInterval = s.Duration("refresh_interval"),
        },
        _ => new OtherDiscoveryConfig(kind)
        {
            Position = s.Node.Position,
            Node = s.Node,
            Http = s.Schema.Find("http_headers") is null ? HttpClientConfig.Default : HttpClientSchema.Build(s),
        },
    };

    public static TargetGroup BuildGroup(Section s, int index, SectionReader reader, bool checkAddresses)
    {
        var targets = s.Texts("targets");
        foreach (string target in targets)
        {
            if (checkAddresses && target.Contains('/', StringComparison.Ordinal))
                reader.Error(s, "targets", $"{GoText.Quote(target)} is not a valid hostname");
        }
        foreach (string name in s.Map("labels").Keys)
            if (name.Length == 0) reader.Error(s, "labels", "\"\" is not a valid label name");
        return new TargetGroup(targets, Labels.From(s.Map("labels")), index.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
