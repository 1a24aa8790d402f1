using Vigie.Configuration.Http;

namespace Vigie.Configuration.Alertmanager;

/// <summary>A name that routes use, and everything it notifies.</summary>
public sealed record ReceiverConfig
{
    public required string Name { get; init; }
    public SourcePosition Position { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>All integrations, in the order of Alertmanager: by kind, then as written.</summary>
    public IReadOnlyList<IntegrationConfig> Integrations { get; init; } = [];
}

/// <summary>One entry of a <c>*_configs</c> list of a receiver.</summary>
public abstract record IntegrationConfig
{
    /// <summary>The part of the key before <c>_configs</c>: webhook, slack, email, pagerduty, ...</summary>
    public abstract string Kind { get; }

    public SourcePosition Position { get; init; }
    public bool SendResolved { get; init; }

    /// <summary>The global client block unless the entry has its own.</summary>
    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
}

/// <summary>JSON to a URL.</summary>
public sealed record WebhookConfig : IntegrationConfig
{
    public override string Kind => "webhook";

    /// <summary>May hold a template. Null if it stands in <see cref="UrlFile"/>.</summary>
    public Secret? Url { get; init; }

    public string UrlFile { get; init; } = "";

    /// <summary>0 for all.</summary>
    public long AlertsMax { get; init; }

    /// <summary>Zero for the default.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>
    /// A template for the whole body (YAML value with templates in its texts) as written; null for the body of version 4.
    /// </summary>
    public Yaml.ConfigNode? Payload { get; init; }
}

/// <summary>A message to a Slack channel. Texts are templates.</summary>
public sealed record SlackConfig : IntegrationConfig
{
    public override string Kind => "slack";
    public Secret? ApiUrl { get; init; }
    public string ApiUrlFile { get; init; } = "";
    public Secret? AppToken { get; init; }
    public string AppTokenFile { get; init; } = "";

    /// <summary>Where to post with <see cref="AppToken"/>.</summary>
    public string AppUrl { get; init; } = "";

    public string Channel { get; init; } = "";
    public string Username { get; init; } = "";
    public string Color { get; init; } = "";
    public string Title { get; init; } = "";
    public string TitleLink { get; init; } = "";
    public string Pretext { get; init; } = "";
    public string Text { get; init; } = "";
    public string MessageText { get; init; } = "";
    public IReadOnlyList<SlackFieldConfig> Fields { get; init; } = [];
    public bool ShortFields { get; init; }
    public string Footer { get; init; } = "";
    public string Fallback { get; init; } = "";
    public string CallbackId { get; init; } = "";
    public string IconEmoji { get; init; } = "";
    public string IconUrl { get; init; } = "";
    public string ImageUrl { get; init; } = "";
    public string ThumbUrl { get; init; } = "";
    public bool LinkNames { get; init; }
    public IReadOnlyList<string> MarkdownIn { get; init; } = [];
    public IReadOnlyList<SlackActionConfig> Actions { get; init; } = [];
    public bool UpdateMessage { get; init; }

    /// <summary>Zero for the default.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <param name="Short">Null: as <see cref="SlackConfig.ShortFields"/>.</param>
public sealed record SlackFieldConfig(string Title, string Value, bool? Short);

public sealed record SlackActionConfig
{
    public string Type { get; init; } = "";
    public string Text { get; init; } = "";
    public string Url { get; init; } = "";
    public string Style { get; init; } = "";
    public string Name { get; init; } = "";
    public string Value { get; init; } = "";
    public SlackConfirmationConfig? Confirm { get; init; }
}

public sealed record SlackConfirmationConfig(string Text, string Title, string OkText, string DismissText);

/// <summary>A mail. Texts and addresses are templates.</summary>
public sealed record EmailConfig : IntegrationConfig
{
    public override string Kind => "email";
    public string To { get; init; } = "";
    public string From { get; init; } = "";

    /// <summary>Host to give in HELO.</summary>
    public string Hello { get; init; } = "localhost";

    /// <summary>host:port of the mail server.</summary>
    public string SmartHost { get; init; } = "";

    public string AuthUsername { get; init; } = "";
    public Secret? AuthPassword { get; init; }
    public string AuthPasswordFile { get; init; } = "";
    public Secret? AuthSecret { get; init; }
    public string AuthSecretFile { get; init; } = "";
    public string AuthIdentity { get; init; } = "";

    /// <summary>Refuse to send without STARTTLS.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>Whether TLS begins with the connection; null: on port 465.</summary>
    public bool? ForceImplicitTls { get; init; }

    public TlsConfig Tls { get; init; } = new();

    /// <summary>By canonical name (Subject, To, From, ...). The guides' <c>subject</c> arrives here.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Html { get; init; } = "";

    /// <summary>The guides' <c>body</c> arrives here, or in <see cref="Html"/> if it is HTML.</summary>
    public string Text { get; init; } = "";

    public EmailThreadingConfig Threading { get; init; } = new();
}

/// <summary>Whether the mails of one group form a thread, per day or per alert group.</summary>
public sealed record EmailThreadingConfig(bool Enabled = false, string ThreadByDate = "daily");

/// <summary>An event to PagerDuty: Events v2 with a routing key, v1 with a service key. Texts are templates.</summary>
public sealed record PagerDutyConfig : IntegrationConfig
{
    public override string Kind => "pagerduty";
    public Secret? ServiceKey { get; init; }
    public string ServiceKeyFile { get; init; } = "";
    public Secret? RoutingKey { get; init; }
    public string RoutingKeyFile { get; init; } = "";
    public string Url { get; init; } = "";
    public string Client { get; init; } = "";
    public string ClientUrl { get; init; } = "";
    public string Description { get; init; } = "";
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<PagerDutyImageConfig> Images { get; init; } = [];
    public IReadOnlyList<PagerDutyLinkConfig> Links { get; init; } = [];
    public string Source { get; init; } = "";

    /// <summary>"" for error.</summary>
    public string Severity { get; init; } = "";

    public string Class { get; init; } = "";
    public string Component { get; init; } = "";
    public string Group { get; init; } = "";

    /// <summary>Zero for the default.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>True: <see cref="RoutingKey"/> is set, use Events v2.</summary>
    public bool IsVersion2 => RoutingKey is not null || RoutingKeyFile.Length > 0;
}

public sealed record PagerDutyImageConfig(string Source, string Alt, string Href);

public sealed record PagerDutyLinkConfig(string Href, string Text);

/// <summary>A message to a Discord channel. Texts are templates.</summary>
public sealed record DiscordConfig : IntegrationConfig
{
    public override string Kind => "discord";
    public Secret? WebhookUrl { get; init; }
    public string WebhookUrlFile { get; init; } = "";
    public string Content { get; init; } = "";
    public string Title { get; init; } = "";
    public string Message { get; init; } = "";
    public string Username { get; init; } = "";
    public string AvatarUrl { get; init; } = "";
}

/// <summary>An integration whose settings were checked and kept, without a type of its own: opsgenie, telegram, ...</summary>
public sealed record OtherIntegrationConfig(string Name) : IntegrationConfig
{
    public override string Kind => Name;

    /// <summary>The entry as written.</summary>
    public required Yaml.ConfigNode Node { get; init; }
}
