using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>
/// Which configuration files there are: those the flags name, or those at their customary places in a folder. Paths only; nothing is read.
/// </summary>
public sealed record ConfigurationLayout
{
    static readonly string[] PrometheusPlaces = ["prometheus/prometheus.yml", "prometheus.yml", "prometheus/prometheus.yaml", "prometheus.yaml"];
    static readonly string[] AlertmanagerPlaces =
        ["alertmanager/alertmanager.yml", "alertmanager.yml", "alertmanager/config.yml", "alertmanager/alertmanager.yaml", "alertmanager.yaml"];
    static readonly string[] RuleFolders = ["rules", "prometheus/rules"];
    static readonly string[] TemplateFolders = ["alertmanager/template", "alertmanager/templates"];
    static readonly string[] AlertPolicyPlaces = ["alerts/alert-config.yaml", "alerts/alert-config.yml"];
    static readonly string[] DashboardPlaces = ["grafana/dashboards", "grafana/provisioning/dashboards", "dashboards"];
    static readonly string[] VigiePlaces = ["vigie.yml", "vigie.yaml"];
    static readonly (string Folder, string What)[] NotServed =
        [("loki", "logs"), ("promtail", "log collection"), ("jaeger", "traces"), ("fluentd", "log collection")];

    public required string PrometheusFile { get; init; }

    /// <summary>Rule files found in the folder, to be used besides those prometheus.yml names.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    /// <summary>Null: an Alertmanager without receivers.</summary>
    public string? AlertmanagerFile { get; init; }

    /// <summary>Template files beside alertmanager.yml, used where its own globs find nothing.</summary>
    public IReadOnlyList<string> TemplateFiles { get; init; } = [];

    public string? AlertPolicyFile { get; init; }
    public IReadOnlyList<string> DashboardFolders { get; init; } = [];
    public string? VigieFile { get; init; }

    /// <summary>What the folder holds that this version does not serve yet; said once at start.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <exception cref="ConfigException">No prometheus.yml; the message lists the places looked at.</exception>
    public static ConfigurationLayout Find(ServeOptions options, IConfigFiles files)
    {
        if (options.Folder is not { } folder)
        {
            return new ConfigurationLayout
            {
                PrometheusFile = options.ConfigFile ?? "prometheus.yml",
                AlertmanagerFile = options.AlertmanagerConfigFile,
                DashboardFolders = options.DashboardFolders,
                VigieFile = options.VigieConfigFile,
            };
        }
        return new ConfigurationLayout
        {
            PrometheusFile = options.ConfigFile ?? First(PrometheusPlaces) ?? throw NoPrometheusFile(),
            RuleFiles = [.. RuleFolders.SelectMany(place => In(place, ".yml", ".yaml"))],
            AlertmanagerFile = options.AlertmanagerConfigFile ?? First(AlertmanagerPlaces),
            TemplateFiles = [.. TemplateFolders.SelectMany(place => In(place, ".tmpl"))],
            AlertPolicyFile = First(AlertPolicyPlaces),
            DashboardFolders = [.. options.DashboardFolders, .. DashboardPlaces.Where(IsFolder).Select(At)],
            VigieFile = options.VigieConfigFile ?? First(VigiePlaces),
            Notices = [.. NotServed.Where(entry => IsFolder(entry.Folder)).Select(entry => $"{At(entry.Folder)}: {entry.What} are not served by this version")],
        };

        ConfigException NoPrometheusFile()
        {
            var problems = new ConfigProblems();
            problems.Error(new SourcePosition(folder, 0, 0), "", $"found no Prometheus configuration, expected {string.Join(" or ", PrometheusPlaces)}");
            return new ConfigException(problems);
        }

        string At(string place) => Path.Combine(folder, place);
        bool IsFolder(string place) => files.List(At(place)).Count > 0;
        IEnumerable<string> In(string place, params string[] endings) =>
            files.List(At(place)).Where(name => endings.Contains(Path.GetExtension(name))).Select(name => Path.Combine(At(place), name));
        string? First(string[] places) => places.Where(place => files.List(At(Path.GetDirectoryName(place) ?? "")).Contains(Path.GetFileName(place)))
            .Select(At).FirstOrDefault();
    }
}
