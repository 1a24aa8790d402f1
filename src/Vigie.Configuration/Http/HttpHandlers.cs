using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Vigie.Configuration.Http;

/// <summary>Makes message handlers that behave as an <see cref="HttpClientConfig"/> says.</summary>
public static class HttpHandlers
{
    /// <summary>
    /// A handler that its caller owns and disposes. Secrets, certificates and CA bundles given as files are read again when they are used,
    /// so
    /// that they can be rotated without a reload.
    /// </summary>
    /// <param name="connectTimeout">Bound of one connection attempt; null: that of the request.</param>
    /// <param name="anyAddress">Connect to any address of the host, another one each time, not to the first that works.</param>
    /// <exception cref="ConfigFileException">Later, on sending: a file the configuration names cannot be read.</exception>
    public static HttpMessageHandler Create(
        HttpClientConfig config, IConfigFiles files, TimeProvider? clock = null, TimeSpan? connectTimeout = null, bool anyAddress = false)
    {
        var sockets = CreateSocketsHandler(config.Tls, config.Proxy, config.FollowRedirects, files, connectTimeout);
        if (anyAddress) sockets.ConnectCallback = AnyAddress.ConnectAsync;
        HttpMessageHandler handler = sockets;
        if (config.EnableHttp2) handler = new Http2Handler(handler);
        if (config.Headers.Count > 0) handler = new ExtraHeadersHandler(handler, config.Headers, files);
        if (config.OAuth2 is { } oauth2)
        {
            var tokens = CreateSocketsHandler(oauth2.Tls, oauth2.Proxy, followRedirects: true, files, connectTimeout);
            handler = new OAuth2Handler(handler, oauth2, files, new HttpClient(tokens), clock ?? TimeProvider.System);
        }
        else if (config.Authorization is not null || config.BasicAuth is not null) handler = new CredentialsHandler(handler, config, files);
        return handler;
    }

    static SocketsHttpHandler CreateSocketsHandler(
        TlsConfig tls, ProxyConfig proxy, bool followRedirects, IConfigFiles files, TimeSpan? connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = followRedirects,
            MaxAutomaticRedirections = 10,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            SslOptions = CreateTlsOptions(tls, files),
        };
        if (connectTimeout is { } timeout) handler.ConnectTimeout = timeout;
        if (proxy.Url.Length > 0) handler.Proxy = new ConfiguredProxy(new Uri(proxy.Url), proxy.NoProxy);
        else handler.UseProxy = proxy.FromEnvironment;
        return handler;
    }

    /// <summary>The TLS side alone, for other protocols than HTTP. The name to verify is set only if the block has one.</summary>
    public static SslClientAuthenticationOptions CreateTlsOptions(TlsConfig tls, IConfigFiles files)
    {
        var certificates = new TlsFiles(tls, files);
        var options = new SslClientAuthenticationOptions { EnabledSslProtocols = Protocols(tls) };
        if (tls.ServerName.Length > 0) options.TargetHost = tls.ServerName;
        if (certificates.HasClientCertificate)
        {
            options.ClientCertificates = [];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificates.ClientCertificate();
        }
        if (tls.InsecureSkipVerify || certificates.HasAuthorities)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, problems) =>
                tls.InsecureSkipVerify || certificates.IsTrusted(certificate, chain, problems);
        }
        return options;
    }

    static SslProtocols Protocols(TlsConfig tls) => tls.MinVersion.Length == 0 && tls.MaxVersion.Length == 0
        ? SslProtocols.None
        : TlsVersions.Between(tls.MinVersion.Length > 0 ? tls.MinVersion : "TLS12", tls.MaxVersion.Length > 0 ? tls.MaxVersion : "TLS13");
}
