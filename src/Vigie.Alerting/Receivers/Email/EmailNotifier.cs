using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>A mail by SMTP (alertmanager, docs/configuration.md, email_config).</summary>
sealed class EmailNotifier(EmailConfig config, IntegrationContext context) : INotifier
{
    const int ImplicitTlsPort = 465;
    const string DefaultHtml = "{{ template \"email.default.html\" . }}";
    const string DefaultSubject = "{{ template \"email.default.subject\" . }}";

    public IEnumerable<(string Field, string Template)> Templates =>
    [
        ("to", config.To), ("from", config.From), ("html", config.Html), ("text", config.Text),
        .. config.Headers.Select(static pair => ("headers." + pair.Key, pair.Value)),
    ];

    public void Dispose() { }

    public async Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation)
    {
        string stage = "read settings";
        try
        {
            var (host, port) = SplitHostPort(config.SmartHost);
            var senders = MailAddresses.Parse(message.Text("from", config.From));
            if (senders.Count != 1) return Refused($"must be exactly one 'from' address (got: {senders.Count})");
            var recipients = MailAddresses.Parse(message.Text("to", config.To));
            byte[] mail = Write(message);

            stage = "connect to " + config.SmartHost;
            bool implicitTls = config.ForceImplicitTls ?? port == ImplicitTlsPort;
            var tls = HttpHandlers.CreateTlsOptions(config.Tls, context.Files);
            tls.TargetHost ??= host;
            await using var connection = await SmtpConnection.OpenAsync(host, port, config.Hello, implicitTls ? tls : null, cancellation);
            if (!connection.IsEncrypted && config.RequireTls)
            {
                stage = "start TLS";
                if (!connection.Offers("STARTTLS"))
                    return NotifyOutcome.Failed(
                        $"smtp_require_tls is true (default) but {config.SmartHost} does not offer STARTTLS; set require_tls: false to send in clear",
                        NotifyOutcome.ServerReason, mayPass: true);
                await connection.StartTlsAsync(config.Hello, tls, cancellation);
            }
            stage = "authenticate";
            if (await AuthenticateAsync(connection, cancellation) is { } problem) return Refused(problem);
            stage = "send mail";
            await connection.SendAsync(senders[0], recipients, mail, cancellation);
            await QuitAsync(connection, cancellation);
            return NotifyOutcome.Delivered;
        }
        catch (FormatException problem)
        {
            return Refused($"{stage}: {problem.Message}");
        }
        catch (SmtpException problem)
        {
            return NotifyOutcome.Failed($"{stage}: {problem.Message}", NotifyOutcome.ServerReason, mayPass: !problem.IsPermanent);
        }
        catch (Exception problem) when (problem is IOException or SocketException or AuthenticationException)
        {
            return NotifyOutcome.Failed($"{stage}: {problem.Message}", NotifyOutcome.OtherReason, mayPass: true);
        }
    }

    static NotifyOutcome Refused(string problem) => NotifyOutcome.Failed(problem, NotifyOutcome.ClientReason, mayPass: false);

    /// <returns>Why no way to authenticate fits; null if one did or none is wanted.</returns>
    async Task<string?> AuthenticateAsync(SmtpConnection connection, CancellationToken cancellation)
    {
        if (config.AuthUsername.Length == 0 || !connection.Offers("AUTH")) return null;
        string password = context.Files.Reveal(config.AuthPassword, config.AuthPasswordFile);
        string secret = context.Files.Reveal(config.AuthSecret, config.AuthSecretFile);
        string[] mechanisms = connection.WordsOf("AUTH");
        foreach (string mechanism in mechanisms)
        {
            switch (mechanism.ToUpperInvariant())
            {
                case "CRAM-MD5" when secret.Length > 0:
                    await connection.AuthenticateCramMd5Async(config.AuthUsername, secret, cancellation);
                    return null;
                case "PLAIN" when password.Length > 0:
                    await connection.AuthenticatePlainAsync(config.AuthIdentity, config.AuthUsername, password, cancellation);
                    return null;
                case "LOGIN" when password.Length > 0:
                    await connection.AuthenticateLoginAsync(config.AuthUsername, password, cancellation);
                    return null;
            }
        }
        return $"the server offers AUTH {string.Join(' ', mechanisms)}; none of it fits auth_password (PLAIN, LOGIN) or auth_secret (CRAM-MD5)";
    }

    byte[] Write(NotificationMessage message)
    {
        string html = config.Html.Length > 0 || config.Text.Length == 0
            ? message.Html("html", config.Html.Length > 0 ? config.Html : DefaultHtml, DefaultHtml)
            : "";
        string text = config.Text.Length > 0 ? message.Text("text", config.Text, "{{ template \"__message\" . }}") : "";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in config.Headers)
            headers[name] = message.Text("headers." + name, value, name.Equals("Subject", StringComparison.OrdinalIgnoreCase) ? DefaultSubject : "");
        headers.TryAdd("From", message.Text("from", config.From));
        headers.TryAdd("To", message.Text("to", config.To));
        headers.TryAdd("Subject", message.Text("subject", DefaultSubject, DefaultSubject));
        var now = context.Clock.GetUtcNow();
        string domain = config.Hello is "" or "localhost" ? Environment.MachineName : config.Hello;
        headers.TryAdd("Message-Id", $"<{now.UtcTicks}.{Guid.NewGuid():N}@{domain}>");
        headers.TryAdd("Date", now.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        if (config.Threading.Enabled) AddThread(headers, message, now, domain);
        if (message.Problems.Length > 0)
        {
            if (html.Length > 0) html += $"<p>{System.Net.WebUtility.HtmlEncode(message.Problems)}</p>";
            if (text.Length > 0) text = message.WithProblems(text);
        }
        return MailMessage.Write(headers, text, html, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Mails of one group answer a mail that was never sent, so that mail programs show them as one thread.</summary>
    void AddThread(Dictionary<string, string> headers, NotificationMessage message, DateTimeOffset now, string domain)
    {
        string day = config.Threading.ThreadByDate == "daily" ? now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        string parent = $"<alert-group-{message.GroupKeyHash}{day}@{domain}>";
        headers["References"] = parent;
        headers["In-Reply-To"] = parent;
    }

    static async Task QuitAsync(SmtpConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.QuitAsync(cancellation);
        }
        catch (Exception problem) when (problem is SmtpException or IOException)
        {
            // The mail is accepted already.
        }
    }

    static (string Host, int Port) SplitHostPort(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            throw new FormatException($"smarthost {text}: expected host:port");
        return (text[..colon].Trim('[', ']'), port);
    }
}
