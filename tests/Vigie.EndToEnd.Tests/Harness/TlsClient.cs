using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>One request over TLS, and what came of the handshake.</summary>
static class TlsClient
{
    /// <summary><c>Tls13 HTTP/1.1 200 OK</c>, the cipher suite too if asked for; or <c>refused</c>.</summary>
    public static async Task<string> AskAsync(
        int port, TestCertificates authority, X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.None, bool withCipher = false, string path = "/-/healthy")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = protocols,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, server, _, _) => authority.HasSigned(server),
            }, limit.Token);
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), limit.Token);
            // In TLS 1.3 a refused client certificate shows only now.
            using var reader = new StreamReader(tls, Encoding.ASCII);
            string? line = await reader.ReadLineAsync(limit.Token);
            if (string.IsNullOrEmpty(line)) return "refused";
            return $"{tls.SslProtocol} {line}" + (withCipher ? $" {tls.NegotiatedCipherSuite}" : "");
        }
        catch (Exception problem) when (problem is AuthenticationException or IOException)
        {
            return "refused";
        }
    }
}
