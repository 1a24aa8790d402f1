namespace Vigie.Configuration.Http;

/// <summary>Adds the headers of <c>http_headers</c>.</summary>
sealed class ExtraHeadersHandler(HttpMessageHandler inner, IReadOnlyDictionary<string, HttpHeaderConfig> headers, IConfigFiles files)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, header) in headers)
        {
            foreach (string value in header.Values) request.Headers.TryAddWithoutValidation(name, value);
            foreach (var secret in header.Secrets) request.Headers.TryAddWithoutValidation(name, secret.Reveal());
            foreach (string path in header.Files) request.Headers.TryAddWithoutValidation(name, files.Reveal(null, path));
        }
        return base.SendAsync(request, cancellationToken);
    }
}
