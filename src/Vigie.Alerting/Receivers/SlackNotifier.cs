using System.Text.Json;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>A message to a Slack channel, by incoming webhook or by chat.postMessage with an app token (https://api.slack.com/messaging).</summary>
sealed class SlackNotifier(SlackConfig config, IntegrationContext context) : INotifier
{
    const int TitleRunesMax = 1024;

    static readonly string[] s_markdownIn = ["fallback", "pretext", "text"];

    readonly HttpSender _sender = new(config.Http, context);

    public IEnumerable<(string Field, string Template)> Templates =>
    [
        ("title", config.Title), ("title_link", config.TitleLink), ("pretext", config.Pretext), ("text", config.Text), ("fallback", config.Fallback),
        ("color", config.Color), ("channel", config.Channel), ("username", config.Username), ("footer", config.Footer),
        .. config.Fields.SelectMany(static one => ((string, string)[])[("fields.title", one.Title), ("fields.value", one.Value)]),
    ];

    public void Dispose() => _sender.Dispose();

    public Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation)
    {
        string token = context.Files.Reveal(config.AppToken, config.AppTokenFile);
        bool usesToken = token.Length > 0;
        string url = usesToken ? config.AppUrl : context.Files.Reveal(config.ApiUrl, config.ApiUrlFile);
        byte[] body = Body(message);
        return _sender.PostJsonAsync(url, body, cancellation, config.Timeout, ErrorIn, bearer: usesToken ? token : null);
    }

    byte[] Body(NotificationMessage message)
    {
        // Texts first: the body of the message says which of their templates failed.
        string title = message.Text("title", config.Title, "{{ template \"slack.default.title\" . }}");
        string titleLink = message.Text("title_link", config.TitleLink, "{{ template \"slack.default.titlelink\" . }}");
        string pretext = message.Text("pretext", config.Pretext);
        string text = message.Text("text", config.Text, "{{ template \"__message\" . }}");
        string fallback = message.Text("fallback", config.Fallback, "{{ template \"slack.default.fallback\" . }}");
        string callbackId = message.Text("callback_id", config.CallbackId);
        string imageUrl = message.Text("image_url", config.ImageUrl);
        string thumbUrl = message.Text("thumb_url", config.ThumbUrl);
        string footer = message.Text("footer", config.Footer);
        string color = message.Text("color", config.Color, "{{ template \"slack.default.color\" . }}");
        var fields = config.Fields.Select(field => (
            Title: message.Text("fields.title", field.Title), Value: message.Text("fields.value", field.Value), Short: field.Short ?? config.ShortFields)).ToArray();
        var actions = config.Actions.Select(action => Action(message, action)).ToArray();
        string channel = message.Text("channel", config.Channel);
        string username = message.Text("username", config.Username, "{{ template \"slack.default.username\" . }}");
        string iconEmoji = message.Text("icon_emoji", config.IconEmoji);
        string iconUrl = message.Text("icon_url", config.IconUrl);
        string messageText = message.Text("message_text", config.MessageText);
        return JsonBody.Write(json =>
        {
            json.WriteIfAny("channel", channel);
            json.WriteIfAny("username", username);
            json.WriteIfAny("icon_emoji", iconEmoji);
            json.WriteIfAny("icon_url", iconUrl);
            if (config.LinkNames) json.WriteBoolean("link_names", true);
            json.WriteIfAny("text", messageText);
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteIfAny("title", Truncation.ToRunes(title, TitleRunesMax));
            json.WriteIfAny("title_link", titleLink);
            json.WriteIfAny("pretext", pretext);
            json.WriteString("text", message.WithProblems(text));
            json.WriteString("fallback", fallback);
            json.WriteString("callback_id", callbackId);
            if (fields.Length > 0)
            {
                json.WriteStartArray("fields");
                foreach (var field in fields)
                {
                    json.WriteStartObject();
                    json.WriteIfAny("title", field.Title);
                    json.WriteIfAny("value", field.Value);
                    json.WriteBoolean("short", field.Short);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            if (actions.Length > 0)
            {
                json.WriteStartArray("actions");
                foreach (var action in actions) Write(json, action);
                json.WriteEndArray();
            }
            json.WriteIfAny("image_url", imageUrl);
            json.WriteIfAny("thumb_url", thumbUrl);
            json.WriteString("footer", footer);
            json.WriteIfAny("color", color);
            json.WriteStartArray("mrkdwn_in");
            foreach (string name in config.MarkdownIn.Count > 0 ? config.MarkdownIn : s_markdownIn) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    static SlackActionConfig Action(NotificationMessage message, SlackActionConfig action) => action with
    {
        Type = message.Text("actions.type", action.Type),
        Text = message.Text("actions.text", action.Text),
        Url = message.Text("actions.url", action.Url),
        Style = message.Text("actions.style", action.Style),
        Name = message.Text("actions.name", action.Name),
        Value = message.Text("actions.value", action.Value),
        Confirm = action.Confirm is not { } confirm ? null : new SlackConfirmationConfig(
            message.Text("actions.confirm.text", confirm.Text), message.Text("actions.confirm.title", confirm.Title),
            message.Text("actions.confirm.ok_text", confirm.OkText), message.Text("actions.confirm.dismiss_text", confirm.DismissText)),
    };

    static void Write(Utf8JsonWriter json, SlackActionConfig action)
    {
        json.WriteStartObject();
        json.WriteIfAny("type", action.Type);
        json.WriteIfAny("text", action.Text);
        json.WriteIfAny("url", action.Url);
        json.WriteIfAny("style", action.Style);
        json.WriteIfAny("name", action.Name);
        json.WriteIfAny("value", action.Value);
        if (action.Confirm is { } confirm)
        {
            json.WriteStartObject("confirm");
            json.WriteIfAny("text", confirm.Text);
            json.WriteIfAny("title", confirm.Title);
            json.WriteIfAny("ok_text", confirm.OkText);
            json.WriteIfAny("dismiss_text", confirm.DismissText);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <summary>Slack answers "ok", or JSON with "ok" and "error". Compatible services answer with nothing or with JSON of their own.</summary>
    static string? ErrorIn(string body)
    {
        string text = body.Trim();
        if (text.Length == 0 || text == "ok") return null;
        if (text[0] != '{') return "error response from Slack: " + Truncation.ToRunes(text, 200);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (!json.RootElement.TryGetProperty("ok", out var ok) || ok.ValueKind != JsonValueKind.False) return null;
            return "error response from Slack: " + (json.RootElement.TryGetProperty("error", out var error) ? error.ToString() : "no reason given");
        }
        catch (JsonException)
        {
            return "error response from Slack: not JSON";
        }
    }
}
