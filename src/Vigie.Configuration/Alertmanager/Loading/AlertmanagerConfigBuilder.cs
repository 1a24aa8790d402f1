using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>Fills in what receivers take over from the global section, checks what spans sections, and makes the records. One
/// use.</summary>
sealed class AlertmanagerConfigBuilder(Section top, SectionReader reader)
{
    readonly Section _global = top.Sub("global")!;

    /// <summary>Null if there is no route, which is then among the problems.</summary>
    public AlertmanagerConfig? Build()
    {
        var receivers = BuildReceivers();
        var intervals = BuildTimeIntervals();
        var inhibitRules = top.Subs("inhibit_rules").Select(BuildInhibitRule).ToList();
        if (top.Sub("route") is not { } root)
        {
            reader.Error(top.Node, "route", "no route provided in config");
            return null;
        }
        CheckRoot(root);
        CheckNames(root, [.. receivers.Select(static r => r.Name)], intervals);
        return new AlertmanagerConfig
        {
            Global = new AlertmanagerGlobalConfig
            {
                ResolveTimeout = _global.Duration("resolve_timeout"),
                Http = HttpClientSchema.Build(_global.Sub("http_config")!),
            },
            Route = BuildRoute(root),
            InhibitRules = inhibitRules,
            Receivers = receivers,
            Templates = top.Texts("templates"),
            TimeIntervals = intervals,
            EffectiveYaml = EffectiveYaml(),
        };
    }

    string EffectiveYaml()
    {
        if (top["templates"] is null) top.Set("templates", Array.Empty<string>());
        return top.ToYaml();
    }

    List<ReceiverConfig> BuildReceivers()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var receivers = new List<ReceiverConfig>();
        foreach (var section in top.Subs("receivers"))
        {
            string name = section.Text("name");
            if (!names.Add(name)) reader.Error(section, "name", $"notification config name {GoText.Quote(name)} is not unique");
            var integrations = new List<IntegrationConfig>();
            foreach (var (kind, _) in ReceiverSchemas.ByKind)
            {
                foreach (var integration in section.Subs($"{kind}_configs"))
                {
                    GlobalSettings.Fill(kind, integration, _global, reader);
                    integrations.Add(IntegrationBuilder.Build(kind, integration));
                }
            }
            receivers.Add(new ReceiverConfig
            {
                Name = name,
                Position = section.Node.Position,
                Labels = section.Map("labels"),
                Integrations = integrations,
            });
        }
        return receivers;
    }

    Dictionary<string, TimeIntervalConfig> BuildTimeIntervals()
    {
        var intervals = new Dictionary<string, TimeIntervalConfig>(StringComparer.Ordinal);
        foreach (var (key, kind) in (ReadOnlySpan<(string, string)>)[("mute_time_intervals", "mute time interval"),
            ("time_intervals", "time interval")])
        {
            foreach (var section in top.Subs(key))
            {
                string name = section.Text("name");
                var ranges = TimeIntervalSchema.Build(section.Subs("time_intervals"), reader);
                if (!intervals.TryAdd(name, new TimeIntervalConfig(name, ranges) { Position = section.Node.Position }))
                    reader.Error(section, "name", $"{kind} {GoText.Quote(name)} is not unique");
            }
        }
        return intervals;
    }

    InhibitRuleConfig BuildInhibitRule(Section s)
    {
        foreach (string label in s.Texts("equal"))
            if (label.Length == 0) reader.Error(s, "equal", "invalid label name \"\" in equal list");
        return new InhibitRuleConfig
        {
            Position = s.Node.Position,
            Name = s.Text("name"),
            SourceMatchers = RouteChecks.Matchers(s, reader, "source_match", "source_match_re", "source_matchers"),
            TargetMatchers = RouteChecks.Matchers(s, reader, "target_match", "target_match_re", "target_matchers"),
            Equal = s.Texts("equal"),
        };
    }

    void CheckRoot(Section root)
    {
        if (root.IsZero("receiver")) reader.Error(root, "receiver", "root route must specify a default receiver");
        if (!root.IsZero("match") || !root.IsZero("match_re") || !root.IsZero("matchers"))
            reader.Error(root, "root route must not have any matchers");
        if (!root.IsZero("mute_time_intervals"))
            reader.Error(root, "mute_time_intervals", "root route must not have any mute time intervals");
        if (!root.IsZero("active_time_intervals"))
            reader.Error(root, "active_time_intervals", "root route must not have any active time intervals");
        if (root.Bool("continue")) reader.Error(root, "continue", "cannot have continue in root route");
    }

    void CheckNames(Section route, HashSet<string> receivers, Dictionary<string, TimeIntervalConfig> intervals)
    {
        string receiver = route.Text("receiver");
        if (receiver.Length > 0 && !receivers.Contains(receiver))
            reader.Error(route, "receiver", $"undefined receiver {GoText.Quote(receiver)} used in route");
        foreach (string key in (ReadOnlySpan<string>)["active_time_intervals", "mute_time_intervals"])
            foreach (string name in route.Texts(key))
                if (!intervals.ContainsKey(name)) reader.Error(route, key, $"undefined time interval {GoText.Quote(name)} used in route");
        foreach (var child in route.Subs("routes")) CheckNames(child, receivers, intervals);
    }

    RouteConfig BuildRoute(Section s)
    {
        var groupBy = (IReadOnlyList<string>?)s["group_by"];
        bool all = groupBy?.Contains(RouteChecks.GroupByAll) ?? false;
        return new RouteConfig
        {
            Position = s.Node.Position,
            Receiver = s.IsZero("receiver") ? null : s.Text("receiver"),
            GroupBy = all ? [] : groupBy,
            GroupByAll = all,
            Matchers = RouteChecks.Matchers(s, reader, "match", "match_re", "matchers"),
            Continue = s.Bool("continue"),
            Routes = [.. s.Subs("routes").Select(BuildRoute)],
            GroupWait = (TimeSpan?)s["group_wait"],
            GroupInterval = (TimeSpan?)s["group_interval"],
            RepeatInterval = (TimeSpan?)s["repeat_interval"],
            MuteTimeIntervals = s.Texts("mute_time_intervals"),
            ActiveTimeIntervals = s.Texts("active_time_intervals"),
            Labels = s.Map("labels"),
        };
    }
}
