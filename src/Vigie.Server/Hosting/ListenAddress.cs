using System.Globalization;
using System.Net;

namespace Vigie.Server.Hosting;

/// <summary>host:port as Go's net.Listen takes it: an empty host or 0.0.0.0 is every IPv4 interface, [::] both families.</summary>
public readonly record struct ListenAddress(IPAddress Address, int Port)
{
    /// <summary>Every interface, both address families: how ":9090" listens.</summary>
    public bool IsAny => Address.Equals(IPAddress.IPv6Any);

    /// <exception cref="FormatException">Not host:port, or the port is not 0…65535.</exception>
    public static ListenAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
            throw new FormatException($"found \"{text}\", expected host:port such as 0.0.0.0:9090, or off");
        string host = text[..colon].Trim('[', ']');
        if (host.Length == 0) return new ListenAddress(IPAddress.IPv6Any, port);
        if (host == "localhost") return new ListenAddress(IPAddress.Loopback, port);
        if (IPAddress.TryParse(host, out var address)) return new ListenAddress(address, port);
        throw new FormatException($"found host \"{host}\" in \"{text}\", expected an IP address, localhost, or nothing");
    }

    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
