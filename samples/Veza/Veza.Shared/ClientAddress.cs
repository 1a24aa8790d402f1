using System.Net;
using Microsoft.AspNetCore.Http;

namespace Veza.Shared;

/// <summary>Where a request comes from.</summary>
public static class ClientAddress
{
    /// <summary>The peer's address, or what it says in X-Forwarded-For when the peer is a proxy on this machine.</summary>
    public static string Of(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress;
        if (peer is not null && !IPAddress.IsLoopback(peer)) return peer.ToString();
        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString();
        return IPAddress.TryParse(forwarded, out var client) ? client.ToString() : "127.0.0.1";
    }
}
