using System.Net;

namespace Vigie.Configuration.Http;

/// <summary>Offers HTTP/2 on TLS connections; the server chooses.</summary>
sealed class Http2Handler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.Scheme == Uri.UriSchemeHttps && request.Version == HttpVersion.Version11)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        return base.SendAsync(request, cancellationToken);
    }
}
