using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.AlertPolicy;

/// <summary>Reads alert-config.yaml: a ConfigMap with severity levels, notification channels and escalation.</summary>
public static class AlertPolicyLoader
{
    static readonly string[] s_actions =
        ["notify_primary_oncall", "notify_secondary_oncall", "notify_manager", "notify_entire_team", "create_incident"];

    static readonly string[] s_channels = ["slack", "email", "pager_duty"];

    static SectionSchema Level { get; } = new("severity level",
        [Text("description"), new Field("response_time", HumanDuration.Instance), Texts("notification_channels")]);

    static SectionSchema Channels { get; } = new("notification_channels",
    [
        OptionalSub("slack", new SectionSchema("slack", [SecretText("webhook_url"), Text("channel"), Text("username")])),
        OptionalSub("email", new SectionSchema("email",
            [Text("smtp_server"), Int("smtp_port", 0, 65535).Or(587L), Text("from_address"), Texts("to_addresses")])),
        OptionalSub("pager_duty", new SectionSchema("pager_duty", [SecretText("service_key"), Text("escalation_policy")])),
    ]);

    static SectionSchema Escalation { get; } = new("escalation",
        [Int("level", 1, 100), new Field("time", HumanDuration.Instance), Texts("actions")], static (s, reader) =>
        {
            foreach (string action in s.Texts("actions"))
                if (!s_actions.Contains(action))
                    reader.Error(s, "actions", $"found {Model.GoText.Quote(action)}, expected one of {string.Join(", ", s_actions)}");
        });

    static SectionSchema Data { get; } = new("data",
        [SubMap("severity_levels", Level), OptionalSub("notification_channels", Channels), Subs("escalation", Escalation)]);

    /// <param name="environment">Gives the value of <c>${NAME}</c>; default: the environment of this process.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static AlertPolicyConfig? Load(string fileName, string text, ConfigProblems problems, Func<string, string?> environment)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var (name, dataNode) = ConfigMapSchema.Read(node, reader);
        var data = reader.Read(dataNode, Data, "data");
        var config = Build(name, data, reader, value => EnvironmentText.Expand(value, environment));
        return problems.ErrorCount > errorsBefore ? null : config;
    }

    /// <inheritdoc cref="Load(string, string, ConfigProblems, Func{string, string?})"/>
    public static AlertPolicyConfig? Load(string fileName, string text, ConfigProblems problems) =>
        Load(fileName, text, problems, Environment.GetEnvironmentVariable);

    static AlertPolicyConfig Build(string name, Section data, SectionReader reader, Func<string, string> expand)
    {
        var levels = (IReadOnlyDictionary<string, Section>?)data["severity_levels"] ?? new Dictionary<string, Section>();
        var channels = data.Sub("notification_channels");
        return new AlertPolicyConfig
        {
            Name = name,
            SeverityLevels = levels.ToDictionary(static l => l.Key, l => new SeverityLevel(
                l.Value.Text("description"), l.Value.Duration("response_time"), ChannelsOf(l.Value, reader)), StringComparer.Ordinal),
            Slack = channels?.Sub("slack") is { } slack
                ? new SlackChannel(Expand(slack, "webhook_url", expand), expand(slack.Text("channel")), expand(slack.Text("username")))
                    : null,
            Email = channels?.Sub("email") is { } email
                ? new EmailChannel(
                    expand(email.Text("smtp_server")), (int)email.Int("smtp_port"), expand(email.Text("from_address")),
                        [.. email.Texts("to_addresses").Select(expand)])
                : null,
            PagerDuty = channels?.Sub("pager_duty") is { } pager
                ? new PagerDutyChannel(Expand(pager, "service_key", expand), expand(pager.Text("escalation_policy"))) : null,
            Escalation =
            [
                .. data.Subs("escalation").Select(static e =>
                    new EscalationLevel((int)e.Int("level"), e.Duration("time"), e.Texts("actions")))
                    .OrderBy(static e => e.Level),
            ],
        };
    }

    static Secret Expand(Section s, string key, Func<string, string> expand) => new(expand(s.Secret(key)?.Reveal() ?? ""));

    /// <summary>The files write pager-duty where they mean pager_duty.</summary>
    static List<string> ChannelsOf(Section level, SectionReader reader)
    {
        var channels = new List<string>();
        foreach (string written in level.Texts("notification_channels"))
        {
            string channel = written.Replace('-', '_').ToLowerInvariant();
            if (channel == "pagerduty") channel = "pager_duty";
            if (s_channels.Contains(channel)) channels.Add(channel);
            else reader.Error(level, "notification_channels",
                $"found {Model.GoText.Quote(written)}, expected one of {string.Join(", ", s_channels)}");
        }
        return channels;
    }
}
