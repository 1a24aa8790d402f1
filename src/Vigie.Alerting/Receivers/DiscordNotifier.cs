using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>A message to a Discord channel by webhook (https://discord.com/developers/docs/resources/webhook#execute-webhook).</summary>
sealed class DiscordNotifier(DiscordConfig config, IntegrationContext context) : INotifier
{
    const int ContentRunesMax = 2000, TitleRunesMax = 256, DescriptionRunesMax = 4096;
    const int FiringColor = 0x992D22, ResolvedColor = 0x2ECC71;

    const string DefaultContent = "{{ template \"discord.default.content\" . }}";
    const string DefaultTitle = "{{ template \"discord.default.title\" . }}";
    const string DefaultMessage = "{{ template \"discord.default.message\" . }}";

    readonly HttpSender _sender = new(config.Http, context);

    public IEnumerable<(string Field, string Template)> Templates =>
        [("content", config.Content), ("title", config.Title), ("message", config.Message), ("username", config.Username)];

    public void Dispose() => _sender.Dispose();

    public Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation)
    {
        string url = context.Files.Reveal(config.WebhookUrl, config.WebhookUrlFile);
        byte[] body = Body(message, config.Content, config.Title, config.Message, config.Username, config.AvatarUrl);
        return _sender.PostJsonAsync(url, body, cancellation);
    }

    /// <summary>The URL of a webhook of Discord itself.</summary>
    public static bool IsWebhookUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.AbsolutePath.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
        && address.AbsolutePath.Contains("/webhooks/", StringComparison.OrdinalIgnoreCase)
        && IsDiscordHost(address.Host)
        // "/slack" and "/github" at the end ask Discord to take those services' bodies.
        && !address.AbsolutePath.EndsWith("/slack", StringComparison.OrdinalIgnoreCase)
        && !address.AbsolutePath.EndsWith("/github", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body with the built-in texts, for a Discord URL in <c>webhook_configs</c>.</summary>
    public static byte[] DefaultBody(NotificationMessage message) => Body(message, DefaultContent, DefaultTitle, DefaultMessage, "", "");

    static bool IsDiscordHost(string host) => new[] { "discord.com", "discordapp.com" }.Any(domain =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));

    static byte[] Body(NotificationMessage message, string content, string title, string text, string username, string avatarUrl)
    {
        string contentText = message.Text("content", content, DefaultContent);
        string titleText = message.Text("title", title, DefaultTitle);
        string description = message.Text("message", text, DefaultMessage);
        string usernameText = message.Text("username", username);
        string avatar = message.Text("avatar_url", avatarUrl);
        return JsonBody.Write(json =>
        {
            json.WriteString("content", Truncation.ToRunes(contentText, ContentRunesMax));
            json.WriteStartArray("embeds");
            json.WriteStartObject();
            json.WriteString("title", Truncation.ToRunes(titleText, TitleRunesMax));
            json.WriteString("description", Truncation.ToRunes(WithProblemsFirst(message, description), DescriptionRunesMax));
            json.WriteNumber("color", message.IsFiring ? FiringColor : ResolvedColor);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteIfAny("username", usernameText);
            json.WriteIfAny("avatar_url", avatar);
        });
    }

    /// <summary>First, because a long description is cut at its end.</summary>
    static string WithProblemsFirst(NotificationMessage message, string text) =>
        message.Problems.Length == 0 ? text : message.Problems + "\n\n" + text;
}
