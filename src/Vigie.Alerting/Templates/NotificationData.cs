using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// What a notification is about, as templates and the webhook body see it (Alertmanager, docs/notifications.md, Data).
/// </summary>
sealed class NotificationData : ITemplateMembers
{
    public NotificationData(
        string receiver, string externalUrl, Labels groupLabels, IReadOnlyList<NotificationAlert> alerts, string reason, Labels routeLabels)
    {
        Receiver = receiver;
        ExternalUrl = externalUrl;
        GroupLabels = groupLabels;
        Alerts = new NotificationAlerts(alerts);
        Reason = reason;
        RouteLabels = routeLabels;
        CommonLabels = Common(alerts, static alert => alert.Labels);
        CommonAnnotations = Common(alerts, static alert => alert.Annotations);
    }

    public string Receiver { get; }
    public string ExternalUrl { get; }
    public Labels GroupLabels { get; }
    public Labels CommonLabels { get; }
    public Labels CommonAnnotations { get; }
    public Labels RouteLabels { get; }
    public NotificationAlerts Alerts { get; }

    /// <summary>Why it is sent: see <see cref="NotificationReason"/>.</summary>
    public string Reason { get; }

    public string Status => Alerts.Firing.Count > 0 ? NotificationAlert.Firing : NotificationAlert.Resolved;

    public string TypeName => "*template.Data";

    public IReadOnlyList<TemplateMember> Fields =>
    [
        new("receiver", Receiver), new("status", Status), new("alerts", Alerts), new("notification_reason", Reason),
        new("groupLabels", new KeyValues(GroupLabels)), new("commonLabels", new KeyValues(CommonLabels)),
        new("commonAnnotations", new KeyValues(CommonAnnotations)), new("routeLabels", new KeyValues(RouteLabels)), new("externalURL", ExternalUrl),
    ];

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "Receiver" => Receiver,
            "Status" => Status,
            "Alerts" => Alerts,
            "GroupLabels" => new KeyValues(GroupLabels),
            "CommonLabels" => new KeyValues(CommonLabels),
            "CommonAnnotations" => new KeyValues(CommonAnnotations),
            "RouteLabels" => new KeyValues(RouteLabels),
            "ExternalURL" => ExternalUrl,
            "NotificationReason" => Reason,
            _ => null,
        };
        return value is not null;
    }

    /// <summary>The pairs that all alerts have.</summary>
    static Labels Common(IReadOnlyList<NotificationAlert> alerts, Func<NotificationAlert, Labels> select)
    {
        if (alerts.Count == 0) return Labels.Empty;
        var common = new LabelsBuilder(select(alerts[0]));
        foreach (var pair in select(alerts[0]))
            for (int i = 1; i < alerts.Count; i++)
                if (select(alerts[i])[pair.Name] != pair.Value) common.Remove(pair.Name);
        return common.Build();
    }
}

/// <summary>A list of alerts with <c>Firing</c> and <c>Resolved</c> (template.Alerts).</summary>
sealed class NotificationAlerts(IReadOnlyList<NotificationAlert> alerts) : IReadOnlyList<NotificationAlert>, ITemplateMembers
{
    public string TypeName => "template.Alerts";
    public int Count => alerts.Count;
    public NotificationAlert this[int index] => alerts[index];
    public IReadOnlyList<NotificationAlert> Firing => [.. alerts.Where(static alert => !alert.IsResolved)];
    public IReadOnlyList<NotificationAlert> Resolved => [.. alerts.Where(static alert => alert.IsResolved)];

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch { "Firing" => Firing, "Resolved" => Resolved, _ => null };
        return value is not null;
    }

    public IEnumerator<NotificationAlert> GetEnumerator() => alerts.GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>One alert of a notification (template.Alert).</summary>
/// <param name="EndsAt">Null (Go: the zero time) while it fires.</param>
sealed record NotificationAlert(
    bool IsResolved, Labels Labels, Labels Annotations, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string GeneratorUrl) : ITemplateMembers
{
    public const string Firing = "firing", Resolved = "resolved";

    public string Status => IsResolved ? Resolved : Firing;
    public string Fingerprint => AlertFingerprint.Of(Labels);
    public string TypeName => "template.Alert";

    public IReadOnlyList<TemplateMember> Fields =>
    [
        new("status", Status), new("labels", new KeyValues(Labels)), new("annotations", new KeyValues(Annotations)),
        new("startsAt", new TemplateTime(StartsAt)), new("endsAt", End), new("generatorURL", GeneratorUrl), new("fingerprint", Fingerprint),
    ];

    TemplateTime End => EndsAt is { } end ? new TemplateTime(end) : TemplateTime.Zero;

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "Status" => Status,
            "Labels" => new KeyValues(Labels),
            "Annotations" => new KeyValues(Annotations),
            "StartsAt" => new TemplateTime(StartsAt),
            "EndsAt" => End,
            "GeneratorURL" => GeneratorUrl,
            "Fingerprint" => Fingerprint,
            _ => null,
        };
        return value is not null;
    }
}
