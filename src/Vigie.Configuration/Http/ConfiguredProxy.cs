using System.Net;

namespace Vigie.Configuration.Http;

/// <summary>
/// A proxy with exceptions as <c>no_proxy</c> lists them: hosts and domains (<c>example.com</c> also for its subdomains,
/// <c>.example.com</c> for
/// subdomains only), addresses, networks (<c>10.0.0.0/8</c>), each with an optional port; <c>*</c> for all. Loopback never goes through a
/// proxy.
/// </summary>
sealed class ConfiguredProxy : IWebProxy
{
    readonly Uri _proxy;
    readonly string[] _exceptions;

    public ConfiguredProxy(Uri proxy, string noProxy)
    {
        _proxy = proxy;
        _exceptions = noProxy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (proxy.UserInfo.Length == 0) return;
        string[] parts = proxy.UserInfo.Split(':', 2);
        Credentials = new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _proxy;

    public bool IsBypassed(Uri host)
    {
        string name = host.IdnHost;
        var address = IPAddress.TryParse(name.Trim('[', ']'), out var parsed) ? parsed : null;
        if (name == "localhost" || (address is not null && IPAddress.IsLoopback(address))) return true;
        foreach (string exception in _exceptions)
            if (Matches(exception, name, host.Port, address)) return true;
        return false;
    }

    static bool Matches(string exception, string name, int port, IPAddress? address)
    {
        if (exception == "*") return true;
        if (address is not null && IPNetwork.TryParse(exception, out var network)) return network.Contains(address);
        string host = exception;
        int colon = exception.LastIndexOf(':');
        if (colon > 0 && exception.IndexOf(':', StringComparison.Ordinal) == colon
            && int.TryParse(exception.AsSpan(colon + 1), out int only))
        {
            if (only != port) return false;
            host = exception[..colon];
        }
        if (address is not null) return IPAddress.TryParse(host.Trim('[', ']'), out var other) && other.Equals(address);
        if (host.StartsWith("*.", StringComparison.Ordinal)) host = host[1..];
        if (host.StartsWith('.')) return name.EndsWith(host, StringComparison.OrdinalIgnoreCase);
        return name.Equals(host, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + host, StringComparison.OrdinalIgnoreCase);
    }
}
