using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.AlertPolicy;
using Vigie.Configuration.Prometheus;
using Vigie.Configuration.Rules;
using Vigie.Configuration.Vigie;
using Vigie.Dashboards;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.Rules;

namespace Vigie.Server.Hosting;

/// <summary>Everything that was read from files, checked, and taken together: the unit that a reload replaces.</summary>
public sealed record RunningConfiguration
{
    public required ConfigurationLayout Layout { get; init; }
    public required PrometheusConfig Prometheus { get; init; }
    public required IReadOnlyList<RuleFile> RuleFiles { get; init; }

    public required AlertmanagerConfig Alertmanager { get; init; }

    public AlertPolicyConfig? AlertPolicy { get; init; }
    public required VigieConfig Vigie { get; init; }
    public required DashboardLibrary Dashboards { get; init; }

    /// <summary>What it was read from.</summary>
    public required SeenFiles Sources { get; init; }

    /// <summary>What works, but perhaps not as its author thinks.</summary>
    public required IReadOnlyList<ConfigProblem> Warnings { get; init; }

    /// <exception cref="ConfigException">At least one file has an error; the message lists all of all files.</exception>
    public static RunningConfiguration Load(ServeOptions options, ParserOptions parserOptions, IConfigFiles disk)
    {
        var files = new SeenFiles(disk);
        var problems = new ConfigProblems();
        var layout = ConfigurationLayout.Find(options, files);
        var vigie = layout.VigieFile is { } vigieFile ? Read(vigieFile, files, problems,
            static (file, text, problems) => VigieConfigLoader.Load(file, text, problems, ReadSelector)) : new VigieConfig();
        var prometheus = Read(layout.PrometheusFile, files, problems,
            (file, text, problems) => PrometheusConfigLoader.Load(file, text, files, problems));
        var rules = LoadRules(prometheus, layout, files, parserOptions, problems);
        var alertmanager = layout.AlertmanagerFile is { } alertmanagerFile
            ? Read(alertmanagerFile, files, problems, AlertmanagerConfigLoader.Load)
            : WithoutReceivers;
        var policy = layout.AlertPolicyFile is { } policyFile ? Read(policyFile, files, problems, AlertPolicyLoader.Load) : null;
        var dashboards = DashboardLibrary.Load(files, layout.DashboardFolders);
        foreach (var problem in dashboards.Problems) problems.Warning(problem.Position, problem.Field, problem.Message);
        if (problems.HasErrors || prometheus is null || alertmanager is null) throw new ConfigException(problems);
        return new RunningConfiguration
        {
            Layout = layout,
            Prometheus = prometheus,
            RuleFiles = rules,
            Alertmanager = WithTemplates(alertmanager, layout, files),
            AlertPolicy = policy,
            Vigie = vigie ?? new VigieConfig(),
            Dashboards = dashboards,
            Sources = files,
            Warnings = [.. problems.Warnings],
        };
    }

    /// <summary>What an Alertmanager does that nobody configured: it holds and shows alerts, and tells nobody.</summary>
    static AlertmanagerConfig WithoutReceivers { get; } = new()
    {
        Route = new RouteConfig { Receiver = "none", GroupBy = [LabelNames.AlertName] },
        Receivers = [new ReceiverConfig { Name = "none" }],
    };

    /// <summary>
    /// Template globs often name a path inside a container (/etc/alertmanager/template). Where they find nothing, the templates that lie
    /// beside alertmanager.yml in the served folder are meant.
    /// </summary>
    static AlertmanagerConfig WithTemplates(AlertmanagerConfig config, ConfigurationLayout layout, IConfigFiles files) =>
        layout.TemplateFiles.Count == 0 || config.Templates.Any(pattern => GlobPattern.Find(files, pattern).Count > 0)
            ? config
            : config with { Templates = layout.TemplateFiles };

    /// <summary>The files prometheus.yml names, and those of the folder it does not name.</summary>
    static IReadOnlyList<RuleFile> LoadRules(
        PrometheusConfig? prometheus, ConfigurationLayout layout, IConfigFiles files, ParserOptions parserOptions, ConfigProblems problems)
    {
        var named = RuleFileLoader.LoadAll(prometheus?.RuleFiles ?? [], files, problems, RuleFileCheck.For(parserOptions));
        var known = named.Select(file => Path.GetFullPath(file.Path)).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. layout.RuleFiles.Where(path => !known.Contains(Path.GetFullPath(path)))];
        return [.. named, .. RuleFileLoader.LoadAll(others, files, problems, RuleFileCheck.For(parserOptions))];
    }

    /// <summary>A selector in vigie.yml.</summary>
    static string? ReadSelector(string text, out IReadOnlyList<LabelMatcher> matchers)
    {
        try
        {
            matchers = PromQLParser.ParseSelector(text);
            return null;
        }
        catch (PromQLParseException problem)
        {
            matchers = [];
            return problem.Message;
        }
    }

    static T? Read<T>(string file, IConfigFiles files, ConfigProblems problems, Func<string, string, ConfigProblems, T?> load) where T : class
    {
        try
        {
            if (files.ReadText(file) is { } text) return load(file, text, problems);
            problems.Error(new SourcePosition(file, 0, 0), "", "found no such file");
        }
        catch (IOException problem)
        {
            problems.Error(new SourcePosition(file, 0, 0), "", $"cannot be read: {problem.Message}");
        }
        return null;
    }
}
