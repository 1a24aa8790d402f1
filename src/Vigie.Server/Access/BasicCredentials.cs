using System.Text;

namespace Vigie.Server.Access;

/// <summary>User and password of an Authorization header (RFC 7617).</summary>
readonly record struct BasicCredentials(string User, string Password)
{
    const string Scheme = "Basic ";

    /// <returns>Null if there is no such header, or none that can be read.</returns>
    public static BasicCredentials? Of(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length)) return null;
        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new BasicCredentials(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Not the password.</summary>
    public override string ToString() => User;
}
