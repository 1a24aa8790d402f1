using System.Net.Sockets;
using System.Security.Authentication;

namespace Vigie.Scrape;

/// <summary>Failed fetches in words.</summary>
static class FetchFailure
{
    /// <summary>What Go's HTTP client says of such a failure: people know and search for these texts.</summary>
    /// <param name="connected">The head of an answer had come.</param>
    public static string ReasonOf(Exception failure, Uri url, bool connected)
    {
        string dialled = $"{(url.Host == "localhost" ? "127.0.0.1" : url.Host)}:{url.Port}";
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {dialled}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"dial tcp: lookup {url.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.HostUnreachable }:
                    return $"dial tcp {dialled}: connect: no route to host";
                case SocketException { SocketErrorCode: SocketError.NetworkUnreachable }:
                    return $"dial tcp {dialled}: connect: network is unreachable";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return $"read tcp {dialled}: read: connection reset by peer";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return connected ? "unexpected EOF" : "EOF";
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }:
                    return "net/http: HTTP/1.x transport connection broken: malformed HTTP response";
                case AuthenticationException when at.Message.Contains("frame", StringComparison.Ordinal):
                    return "tls: first record does not look like a TLS handshake";
                case AuthenticationException when at.Message.Contains("NameMismatch", StringComparison.Ordinal):
                    return $"tls: failed to verify certificate: x509: certificate is not valid for {url.Host}";
                case AuthenticationException when at.Message.Contains("UntrustedRoot", StringComparison.Ordinal)
                    || at.Message.Contains("PartialChain", StringComparison.Ordinal):
                    return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
                case InvalidDataException:
                    return at.Message.Contains("method", StringComparison.Ordinal) ? "gzip: invalid header" : "unexpected EOF";
            }
        }
        return failure.InnerException?.Message ?? failure.Message;
    }
}
