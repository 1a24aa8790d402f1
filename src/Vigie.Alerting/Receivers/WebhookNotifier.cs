using System.Text.Json;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>
/// JSON of version 4 to any URL (alertmanager, docs/configuration.md, webhook_config). A URL of a Discord webhook gets Discord's own body:
/// Discord refuses any other.
/// </summary>
sealed class WebhookNotifier(WebhookConfig config, IntegrationContext context) : INotifier
{
    readonly HttpSender _sender = new(config.Http, context);

    public IEnumerable<(string Field, string Template)> Templates => [("url", config.Url?.Reveal() ?? "")];

    public void Dispose() => _sender.Dispose();

    public Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation)
    {
        string url = message.Text("url", context.Files.Reveal(config.Url, config.UrlFile)).Trim();
        byte[] body = DiscordNotifier.IsWebhookUrl(url) ? DiscordNotifier.DefaultBody(message)
            : config.Payload is not null ? WebhookPayload.Write(config.Payload, message)
            : Body(message);
        return _sender.PostJsonAsync(url, body, cancellation, config.Timeout);
    }

    byte[] Body(NotificationMessage message)
    {
        var alerts = message.Notification.Alerts;
        long truncated = config.AlertsMax > 0 ? Math.Max(0, alerts.Count - config.AlertsMax) : 0;
        var data = truncated == 0 ? message.Data : message.DataFor([.. alerts.Take((int)config.AlertsMax)], message.Receiver);
        return JsonBody.Write(json =>
        {
            json.WriteString("receiver", data.Receiver);
            json.WriteString("status", data.Status);
            json.WriteStartArray("alerts");
            foreach (var alert in data.Alerts) Write(json, alert);
            json.WriteEndArray();
            json.WriteString("notification_reason", data.Reason);
            json.WriteLabels("groupLabels", data.GroupLabels);
            json.WriteLabels("commonLabels", data.CommonLabels);
            json.WriteLabels("commonAnnotations", data.CommonAnnotations);
            if (data.RouteLabels.Count > 0) json.WriteLabels("routeLabels", data.RouteLabels);
            json.WriteString("externalURL", data.ExternalUrl);
            json.WriteString("version", "4");
            json.WriteString("groupKey", message.GroupKey);
            json.WriteNumber("truncatedAlerts", truncated);
        });
    }

    static void Write(Utf8JsonWriter json, NotificationAlert alert)
    {
        json.WriteStartObject();
        json.WriteString("status", alert.Status);
        json.WriteLabels("labels", alert.Labels);
        json.WriteLabels("annotations", alert.Annotations);
        json.WriteTime("startsAt", alert.StartsAt);
        json.WriteTime("endsAt", alert.EndsAt);
        json.WriteString("generatorURL", alert.GeneratorUrl);
        json.WriteString("fingerprint", alert.Fingerprint);
        json.WriteEndObject();
    }
}
