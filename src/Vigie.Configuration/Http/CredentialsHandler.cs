using System.Net.Http.Headers;
using System.Text;

namespace Vigie.Configuration.Http;

/// <summary>Adds the Authorization header: basic credentials or a token. Leaves one that the request already has.</summary>
sealed class CredentialsHandler(HttpMessageHandler inner, HttpClientConfig config, IConfigFiles files) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= Header();
        return base.SendAsync(request, cancellationToken);
    }

    AuthenticationHeaderValue Header()
    {
        if (config.Authorization is { } authorization)
            return new AuthenticationHeaderValue(authorization.Type,
                files.Reveal(authorization.Credentials, authorization.CredentialsFile));
        var basic = config.BasicAuth!;
        string user = basic.UsernameFile.Length > 0 ? files.Reveal(null, basic.UsernameFile) : basic.Username;
        string password = files.Reveal(basic.Password, basic.PasswordFile);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }
}
