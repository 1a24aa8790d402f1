using System.Globalization;
using Vigie.Configuration.Schema;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>
/// What must hold in <c>email_configs</c>. People write <c>subject</c> and <c>body</c>, which Alertmanager refuses: they are taken for what
/// they mean, and warned about.
/// </summary>
static class EmailChecks
{
    public static void Check(Section s, SectionReader reader)
    {
        if (s.IsZero("to")) reader.Error(s, "to", "missing to address in email config");
        ReceiverSchemas.AtMostOne(s, reader, "auth_password", "auth_password_file");
        ReceiverSchemas.AtMostOne(s, reader, "auth_secret", "auth_secret_file");
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in s.Map("headers"))
            if (!headers.TryAdd(Canonical(name), value))
                reader.Error(s, "headers", $"duplicate header \"{Canonical(name)}\" in email config");
        TakeSubject(s, reader, headers);
        TakeBody(s, reader);
        s.Set("headers", headers);
    }

    static void TakeSubject(Section s, SectionReader reader, Dictionary<string, string> headers)
    {
        if (s.IsZero("subject")) return;
        reader.Warning(s, "subject", "found the key subject, which Alertmanager refuses, expected headers.Subject; it is taken as that");
        headers.TryAdd("Subject", s.Text("subject"));
    }

    static void TakeBody(Section s, SectionReader reader)
    {
        if (s.IsZero("body")) return;
        string body = s.Text("body");
        bool isHtml = body.Contains("</", StringComparison.Ordinal) || body.Contains("<br", StringComparison.OrdinalIgnoreCase);
        string key = isHtml ? "html" : "text";
        reader.Warning(s, "body", $"found the key body, which Alertmanager refuses, expected html or text; it is taken as {key}");
        if (isHtml && !s.Has("html")) s.Set("html", body);
        if (isHtml || s.Has("text")) return;
        s.Set("text", body);
        // Mail programs prefer the HTML part: the built-in one would hide the text.
        if (!s.Has("html")) s.Set("html", "");
    }

    /// <summary>The canonical form of a header name: <c>Reply-To</c>.</summary>
    static string Canonical(string name) =>
        string.Join('-', name.Split('-').Select(static part => part.Length == 0 ? part
            : char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..].ToLowerInvariant()));
}
