using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vigie.Model;

/// <summary>Escaping for the places a value can stand in, as text/template and html/template do it.</summary>
static class TemplateEscapers
{
    /// <summary>What html/template writes for a value that would be dangerous where it stands.</summary>
    public const string Refused = "ZgotmplZ";

    /// <summary>The function <c>html</c>.</summary>
    public static string Html(string text) => Replace(text, static c => c switch
    {
        '\0' => "\ufffd",
        '"' => "&#34;",
        '\'' => "&#39;",
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => null,
    });

    /// <summary>A value in HTML text or a quoted attribute; like <see cref="Html"/>, and the plus sign (UTF-7).</summary>
    public static string HtmlValue(string text) => Html(text).Replace("+", "&#43;", StringComparison.Ordinal);

    /// <summary>A value in an attribute without quotes.</summary>
    public static string HtmlUnquoted(string text) => Replace(text, static c => c switch
    {
        '\0' => "&#xfffd;",
        '\t' => "&#9;",
        '\n' => "&#10;",
        '\v' => "&#11;",
        '\f' => "&#12;",
        '\r' => "&#13;",
        ' ' => "&#32;",
        '"' => "&#34;",
        '\'' => "&#39;",
        '&' => "&amp;",
        '+' => "&#43;",
        '<' => "&lt;",
        '=' => "&#61;",
        '>' => "&gt;",
        '`' => "&#96;",
        _ => null,
    });

    /// <summary>HTML without its tags, for trusted HTML inside an attribute.</summary>
    public static string StripTags(string html)
    {
        var text = new StringBuilder(html.Length);
        bool inTag = false;
        foreach (char c in html)
        {
            if (c == '<') inTag = true;
            else if (c == '>' && inTag) inTag = false;
            else if (!inTag) text.Append(c);
        }
        return text.ToString().Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);
    }

    /// <summary>The functions <c>urlquery</c> and Prometheus' <c>urlQueryEscape</c>: space as plus, upper-case hexadecimal.</summary>
    public static string UrlQuery(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b == ' ') output.Append('+');
            else if (IsUnreserved(b)) output.Append((char)b);
            else output.Append('%').Append(CultureInfo.InvariantCulture, $"{b:X2}");
        }
        return output.ToString();
    }

    /// <summary>A value inside a URL's query: everything but unreserved characters in lower-case hexadecimal.</summary>
    public static string UrlPart(string text) => Percent(text, static b => IsUnreserved(b));

    /// <summary>A whole URL or trusted piece of one: reserved characters and escapes stay.</summary>
    public static string UrlNormal(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var output = new StringBuilder(text.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            bool isEscape = b == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]);
            if (isEscape || IsUnreserved(b) || "!#$&*+,/:;=?@[]".Contains((char)b, StringComparison.Ordinal)) output.Append((char)b);
            else output.Append('%').Append(CultureInfo.InvariantCulture, $"{b:x2}");
        }
        return output.ToString();
    }

    /// <summary>True for relative URLs and the schemes http, https and mailto.</summary>
    public static bool IsSafeUrl(string url)
    {
        int colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url.IndexOf('/', 0, colon) >= 0) return true;
        return url[..colon].ToUpperInvariant() is "HTTP" or "HTTPS" or "MAILTO";
    }

    static string Percent(string text, Func<byte, bool> keeps)
    {
        var output = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (keeps(b)) output.Append((char)b);
            else output.Append('%').Append(CultureInfo.InvariantCulture, $"{b:x2}");
        }
        return output.ToString();
    }

    static bool IsUnreserved(byte b) => b < 0x80 && (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~');

    /// <summary>The function <c>js</c>.</summary>
    public static string JavaScriptText(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\\': output.Append("\\\\"); break;
                case '\'': output.Append("\\'"); break;
                case '"': output.Append("\\\""); break;
                case '<': output.Append("\\u003C"); break;
                case '>': output.Append("\\u003E"); break;
                case '&': output.Append("\\u0026"); break;
                case '=': output.Append("\\u003D"); break;
                default:
                    if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029) output.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
                    else output.Append(rune.ToString());
                    break;
            }
        }
        return output.ToString();
    }

    /// <summary>A value inside a quoted JavaScript string or template literal.</summary>
    public static string JavaScriptString(string text) => Replace(text, static c => c switch
    {
        '\0' => "\\u0000",
        '\t' => "\\t",
        '\n' => "\\n",
        '\v' => "\\u000b",
        '\f' => "\\f",
        '\r' => "\\r",
        '"' => "\\u0022",
        '`' => "\\u0060",
        '&' => "\\u0026",
        '\'' => "\\u0027",
        '+' => "\\u002b",
        '/' => "\\/",
        '<' => "\\u003c",
        '>' => "\\u003e",
        '\\' => "\\\\",
        '$' => "\\u0024",
        '{' => "\\u007b",
        '}' => "\\u007d",
        '\u2028' => "\\u2028",
        '\u2029' => "\\u2029",
        _ => null,
    });

    /// <summary>A value as a JavaScript expression: JSON, with spaces around what could run into its neighbours.</summary>
    public static string JavaScriptValue(object? value)
    {
        string json = TemplateJson.Write(value);
        return json.Length > 0 && (char.IsAsciiLetterOrDigit(json[0]) || json[0] == '-') ? " " + json + " " : json;
    }

    /// <summary>A value in a style sheet: harmless words and numbers only.</summary>
    public static string CssValue(string text)
    {
        foreach (char c in text)
            if (c is '\0' or '"' or '\'' or '(' or ')' or '/' or ';' or '@' or '[' or '\\' or ']' or '`' or '{' or '}' or '<' or '>') return Refused;
        string lower = text.ToLowerInvariant();
        bool dangerous = lower.Contains("expression", StringComparison.Ordinal) || lower.Contains("mozbinding", StringComparison.Ordinal)
            || lower.Contains("--", StringComparison.Ordinal);
        return dangerous ? Refused : text;
    }

    static string Replace(string text, Func<char, string?> replacement)
    {
        StringBuilder? output = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (replacement(text[i]) is { } other) (output ??= new StringBuilder(text, 0, i, text.Length + 16)).Append(other);
            else output?.Append(text[i]);
        }
        return output?.ToString() ?? text;
    }
}
