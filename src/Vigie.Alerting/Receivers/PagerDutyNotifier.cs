using System.Net;
using System.Text.Json;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>
/// An event to PagerDuty: Events v2 with a routing key (https://developer.pagerduty.com/docs/events-api-v2/overview/), v1 with a service key.
/// </summary>
sealed class PagerDutyNotifier(PagerDutyConfig config, IntegrationContext context) : INotifier
{
    public const string Version1Url = "https://events.pagerduty.com/generic/2010-04-15/create_event.json";
    public const string Version2Url = "https://events.pagerduty.com/v2/enqueue";

    const int SummaryRunesMax = 1024;
    /// <summary>PagerDuty refuses longer events.</summary>
    const int EventBytesMax = 512_000;

    readonly HttpSender _sender = new(config.Http, context);

    public IEnumerable<(string Field, string Template)> Templates =>
    [
        ("description", config.Description), ("client", config.Client), ("client_url", config.ClientUrl), ("severity", config.Severity),
        ("class", config.Class), ("component", config.Component), ("group", config.Group),
        .. config.Details.Select(static pair => ("details." + pair.Key, pair.Value)),
    ];

    public void Dispose() => _sender.Dispose();

    public Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation)
    {
        string description = message.Text("description", config.Description, "{{ template \"pagerduty.default.description\" . }}");
        string client = message.Text("client", config.Client, "{{ template \"pagerduty.default.client\" . }}");
        string clientUrl = message.Text("client_url", config.ClientUrl, "{{ template \"pagerduty.default.clientURL\" . }}");
        var details = config.Details
            .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, message.Text("details." + pair.Key, pair.Value, "{{ template \"pagerduty.default.instances\" .Alerts }}")))
            .ToList();
        var texts = new EventTexts(description, client, clientUrl, details);
        return config.IsVersion2 ? SendVersion2(message, texts, cancellation) : SendVersion1(message, texts, cancellation);
    }

    Task<NotifyOutcome> SendVersion1(NotificationMessage message, EventTexts texts, CancellationToken cancellation)
    {
        string key = message.Text("service_key", context.Files.Reveal(config.ServiceKey, config.ServiceKeyFile));
        if (key.Length == 0) return Refuse("service key cannot be empty");
        // A URL of the user's own (a proxy) serves both versions; the default one speaks only v2.
        string url = config.Url.Length == 0 || config.Url == Version2Url ? Version1Url : config.Url;
        byte[] Body(IReadOnlyList<KeyValuePair<string, string>> details) => JsonBody.Write(json =>
        {
            json.WriteString("service_key", key);
            json.WriteString("incident_key", message.GroupKeyHash);
            json.WriteString("event_type", message.IsFiring ? "trigger" : "resolve");
            json.WriteIfAny("description", Summary(message, texts.Description));
            if (message.IsFiring)
            {
                json.WriteIfAny("client", texts.Client);
                json.WriteIfAny("client_url", texts.ClientUrl);
            }
            WriteDetails(json, "details", details);
        });
        return _sender.PostJsonAsync(
            url, Fit(Body, texts.Details), cancellation, config.Timeout, retriedStatus: HttpStatusCode.Forbidden);
    }

    Task<NotifyOutcome> SendVersion2(NotificationMessage message, EventTexts texts, CancellationToken cancellation)
    {
        string key = message.Text("routing_key", context.Files.Reveal(config.RoutingKey, config.RoutingKeyFile));
        if (key.Length == 0) return Refuse("routing key cannot be empty");
        string severity = message.Text("severity", config.Severity, "error");
        string source = message.Text("source", config.Source, "{{ template \"pagerduty.default.client\" . }}");
        string component = message.Text("component", config.Component);
        string group = message.Text("group", config.Group);
        string kind = message.Text("class", config.Class);
        var images = config.Images.Select(image => (
            Source: message.Text("images.src", image.Source), Alt: message.Text("images.alt", image.Alt),
            Href: message.Text("images.href", image.Href))).Where(static image => image.Source.Length > 0).ToArray();
        var links = config.Links.Select(link => (
            Href: message.Text("links.href", link.Href), Text: message.Text("links.text", link.Text))).Where(static link => link.Href.Length > 0).ToArray();
        byte[] Body(IReadOnlyList<KeyValuePair<string, string>> details) => JsonBody.Write(json =>
        {
            json.WriteString("routing_key", key);
            json.WriteString("dedup_key", message.GroupKeyHash);
            json.WriteString("event_action", message.IsFiring ? "trigger" : "resolve");
            json.WriteStartObject("payload");
            json.WriteString("summary", Summary(message, texts.Description));
            json.WriteString("source", source.Length > 0 ? source : texts.Client);
            json.WriteString("severity", severity.Length > 0 ? severity : "error");
            json.WriteIfAny("class", kind);
            json.WriteIfAny("component", component);
            json.WriteIfAny("group", group);
            WriteDetails(json, "custom_details", details);
            json.WriteEndObject();
            json.WriteIfAny("client", texts.Client);
            json.WriteIfAny("client_url", texts.ClientUrl);
            if (images.Length > 0)
            {
                json.WriteStartArray("images");
                foreach (var image in images)
                {
                    json.WriteStartObject();
                    json.WriteString("src", image.Source);
                    json.WriteString("alt", image.Alt);
                    json.WriteString("href", image.Href);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            if (links.Length > 0)
            {
                json.WriteStartArray("links");
                foreach (var link in links)
                {
                    json.WriteStartObject();
                    json.WriteString("href", link.Href);
                    json.WriteString("text", link.Text);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        });
        string url = config.Url.Length > 0 ? config.Url : Version2Url;
        return _sender.PostJsonAsync(url, Fit(Body, texts.Details), cancellation, config.Timeout);
    }

    static Task<NotifyOutcome> Refuse(string problem) =>
        Task.FromResult(NotifyOutcome.Failed(problem, NotifyOutcome.ClientReason, mayPass: false));

    static string Summary(NotificationMessage message, string description) =>
        Truncation.ToRunes(message.Problems.Length == 0 ? description : $"{description} ({message.Problems})", SummaryRunesMax);

    static void WriteDetails(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> details)
    {
        if (details.Count == 0) return;
        json.WriteStartObject(name);
        foreach (var (key, value) in details)
        {
            json.WritePropertyName(key);
            WriteDetail(json, value);
        }
        json.WriteEndObject();
    }

    /// <summary>A text that is JSON (the default details are) goes in as what it is: numbers, lists, objects.</summary>
    static void WriteDetail(Utf8JsonWriter json, string value)
    {
        try
        {
            using var parsed = JsonDocument.Parse(value);
            if (parsed.RootElement.ValueKind != JsonValueKind.String)
            {
                parsed.RootElement.WriteTo(json);
                return;
            }
        }
        catch (JsonException)
        {
            // A text.
        }
        json.WriteStringValue(value);
    }

    /// <summary>An event that would be too long goes without its details.</summary>
    static byte[] Fit(Func<IReadOnlyList<KeyValuePair<string, string>>, byte[]> body, IReadOnlyList<KeyValuePair<string, string>> details)
    {
        byte[] whole = body(details);
        return whole.Length <= EventBytesMax ? whole
            : body([new("error", $"Custom details have been removed because the original event exceeds the maximum size of {EventBytesMax / 1000}KB")]);
    }

    sealed record EventTexts(string Description, string Client, string ClientUrl, IReadOnlyList<KeyValuePair<string, string>> Details);
}
