namespace Vigie.Configuration.AlertPolicy;

/// <summary>
/// alert-config.yaml: who must hear of what within which time. A Kubernetes ConfigMap whose <c>data</c> holds severity levels, channels and
/// escalation. Environment variables written <c>${NAME}</c> are already put in.
/// </summary>
public sealed record AlertPolicyConfig
{
    public string Name { get; init; } = "";

    /// <summary>By value of the label <c>severity</c>.</summary>
    public IReadOnlyDictionary<string, SeverityLevel> SeverityLevels { get; init; } = new Dictionary<string, SeverityLevel>();

    public SlackChannel? Slack { get; init; }
    public EmailChannel? Email { get; init; }
    public PagerDutyChannel? PagerDuty { get; init; }

    /// <summary>By ascending level.</summary>
    public IReadOnlyList<EscalationLevel> Escalation { get; init; } = [];
}

/// <param name="ResponseTime">Within which time somebody must react.</param>
/// <param name="Channels">slack, email, pager_duty; other spellings are already made one of these.</param>
public sealed record SeverityLevel(string Description, TimeSpan ResponseTime, IReadOnlyList<string> Channels);

public sealed record SlackChannel(Secret WebhookUrl, string Channel, string Username);

public sealed record EmailChannel(string SmtpServer, int SmtpPort, string FromAddress, IReadOnlyList<string> ToAddresses);

public sealed record PagerDutyChannel(Secret ServiceKey, string EscalationPolicy);

/// <param name="Delay">Since the alert began to fire and nobody acknowledged it.</param>
/// <param name="Actions">notify_primary_oncall, notify_secondary_oncall, notify_manager, notify_entire_team, create_incident.</param>
public sealed record EscalationLevel(int Level, TimeSpan Delay, IReadOnlyList<string> Actions);
