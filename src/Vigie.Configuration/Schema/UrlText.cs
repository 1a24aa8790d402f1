namespace Vigie.Configuration.Schema;

/// <summary>Checks of URLs and addresses in configuration files; answers say what is wrong, null if nothing is.</summary>
static class UrlText
{
    public static string? ProblemOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return text.Contains("://", StringComparison.Ordinal) ? "not a valid URL" : "missing scheme";
        if (url.Scheme is not ("http" or "https")) return $"unsupported scheme \"{url.Scheme}\" for URL";
        return url.Host.Length == 0 ? "missing host for URL" : null;
    }

    /// <summary>The rules of service discovery over HTTP, with upstream's words.</summary>
    public static string? ProblemOfDiscoveryUrl(string text)
    {
        if (text.Length == 0) return "URL is missing";
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon];
        if (scheme is not ("http" or "https")) return "URL scheme must be 'http' or 'https'";
        string rest = text[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).Length == 0 ? "host is missing in URL" : null;
    }

    public static string? ProblemOfHostPort(string text)
    {
        if (text.Length == 0) return null;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) > colon))
            return $"address {text}: missing port in address";
        if (!text.StartsWith('[') && text.IndexOf(':', StringComparison.Ordinal) != colon)
            return $"address {text}: too many colons in address";
        return colon == text.Length - 1 ? $"address \"{text}\": port cannot be empty" : null;
    }
}
