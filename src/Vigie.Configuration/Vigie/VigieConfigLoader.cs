using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Vigie;

/// <summary>Reads a series selector such as <c>{job="a"}</c>: supplied by who has a parser for it.</summary>
/// <returns>What is wrong with it, or null.</returns>
public delegate string? SelectorReader(string text, out IReadOnlyList<LabelMatcher> matchers);

/// <summary>Reads vigie.yml.</summary>
public static class VigieConfigLoader
{
    const double ResolutionSecondsMin = 60;
    /// <summary>A rule per resolution; more make no sense and each costs a pass over all samples.</summary>
    const int DownsamplingRulesMax = 4;

    static SectionSchema Listen { get; } = new("listen",
        [Text("prometheus"), Text("alertmanager"), Text("web"), Text("node"), Text("otlp")],
        static (s, reader) =>
    {
        foreach (var field in s.Schema.Fields)
        {
            string address = s.Text(field.Key);
            if (s.Has(field.Key) && !IsAddress(address))
                reader.Error(s, field.Key, $"found {GoText.Quote(address)}, expected host:port, :port or off");
        }
    });

    static SectionSchema RetentionRule { get; } = new("rule", [Text("match"), OptionalDuration("time")]);

    static SectionSchema Downsampling { get; } = new("downsampling rule",
        [OptionalDuration("resolution"), OptionalDuration("after"), OptionalDuration("keep"), Text("match")]);

    static SectionSchema Top { get; } = new("vigie.yml",
    [
        Sub("listen", Listen),
        Sub("storage", new SectionSchema("storage",
        [
            PathTo("path"),
            Sub("retention", new SectionSchema("retention", [OptionalDuration("time"), Size("size"), Subs("rules", RetentionRule)])),
            Subs("downsampling", Downsampling),
        ])),
        Sub("limits", LimitsLoader.Schema),
        Sub("web", new SectionSchema("web", [OptionalBool("auth"), Text("external_url")])),
    ]);

    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static VigieConfig? Load(string fileName, string text, ConfigProblems problems, SelectorReader selectors)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, Top, "");
        var listen = top.Sub("listen")!;
        var storage = top.Sub("storage")!;
        var retention = storage.Sub("retention")!;
        var web = top.Sub("web")!;
        if (!web.IsZero("external_url") && UrlText.ProblemOf(web.Text("external_url")) is { } problem)
            reader.Error(web, "external_url", problem);
        var rules = RetentionRules(retention, reader, selectors);
        var downsampling = DownsamplingRules(storage, (TimeSpan?)retention["time"], reader, selectors);
        var limits = LimitsLoader.Load(top.Sub("limits")!, reader);
        if (problems.ErrorCount > errorsBefore) return null;
        return new VigieConfig
        {
            Listen = new ListenConfig
            {
                Prometheus = NullIfEmpty(listen.Text("prometheus")),
                Alertmanager = NullIfEmpty(listen.Text("alertmanager")),
                Web = NullIfEmpty(listen.Text("web")),
                Node = NullIfEmpty(listen.Text("node")),
                Otlp = NullIfEmpty(listen.Text("otlp")),
            },
            StoragePath = NullIfEmpty(storage.Text("path")),
            RetentionTime = (TimeSpan?)retention["time"],
            RetentionSizeBytes = retention.IsZero("size") ? null : retention.Int("size"),
            RetentionRules = rules,
            Downsampling = downsampling,
            Limits = limits,
            WebAuth = (bool?)web["auth"],
            ExternalUrl = NullIfEmpty(web.Text("external_url")),
        };
    }

    static IReadOnlyList<RetentionRuleConfig> RetentionRules(Section retention, SectionReader reader, SelectorReader selectors)
    {
        var sections = retention.Subs("rules");
        if (sections.Count == 0) return [];
        var rules = new List<RetentionRuleConfig>();
        foreach (var section in sections)
        {
            if (section.IsZero("match")) reader.Error(section, "match", "found nothing, expected a selector such as {job=\"debug\"}");
            var time = Required(section, "time", reader);
            rules.Add(new RetentionRuleConfig(Matchers(section, reader, selectors), time));
        }
        return rules;
    }

    static IReadOnlyList<DownsamplingConfig> DownsamplingRules(
        Section storage, TimeSpan? retention, SectionReader reader, SelectorReader selectors)
    {
        var sections = storage.Subs("downsampling");
        if (sections.Count == 0) return [];
        var rules = new List<DownsamplingConfig>();
        foreach (var section in sections)
        {
            if (rules.Count == DownsamplingRulesMax)
                reader.Error(storage, "downsampling", $"found {sections.Count} rules, expected at most {DownsamplingRulesMax}");
            if (rules.Count >= DownsamplingRulesMax) break;
            var resolution = Required(section, "resolution", reader);
            var after = Required(section, "after", reader);
            var keep = (TimeSpan?)section["keep"];
            if (section.Has("resolution") && (resolution.TotalSeconds < ResolutionSecondsMin || resolution.TotalMilliseconds % 1000 != 0))
                reader.Error(section, "resolution", $"found {GoDuration.Format(resolution)}, expected whole seconds, at least 1m");
            if (rules.Exists(rule => rule.Resolution == resolution))
                reader.Error(section, "resolution", $"found {GoDuration.Format(resolution)}, expected one rule per resolution (found twice)");
            if (retention is { } time && after >= time)
                reader.Error(section, "after", $"found {GoDuration.Format(after)}, expected less than retention.time ({GoDuration.Format(time)}): "
                    + "the samples are gone by then");
            if (keep <= after) reader.Error(section, "keep", $"found {GoDuration.Format(keep.Value)}, expected more than after ({GoDuration.Format(after)})");
            rules.Add(new DownsamplingConfig(resolution, after, keep, section.IsZero("match") ? [] : Matchers(section, reader, selectors)));
        }
        rules.Sort(static (a, b) => a.Resolution.CompareTo(b.Resolution));
        return rules;
    }

    static TimeSpan Required(Section section, string key, SectionReader reader)
    {
        if ((TimeSpan?)section[key] is { Ticks: > 0 } given) return given;
        if (!section.Has(key) || section[key] is not null) reader.Error(section, key, "found no duration above 0, expected one such as 30d");
        return TimeSpan.MaxValue;
    }

    static IReadOnlyList<LabelMatcher> Matchers(Section section, SectionReader reader, SelectorReader selectors)
    {
        if (section.IsZero("match")) return [];
        if (selectors(section.Text("match"), out var matchers) is { } problem) reader.Error(section, "match", problem);
        return matchers;
    }

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    static bool IsAddress(string text)
    {
        if (text == ListenConfig.Off) return true;
        int colon = text.LastIndexOf(':');
        return colon >= 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port <= 65535;
    }
}
