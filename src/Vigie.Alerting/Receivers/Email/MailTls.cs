using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vigie.Configuration;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>TLS to a mail server from a <c>tls_config</c> block.</summary>
static class MailTls
{
    public static SslClientAuthenticationOptions Options(TlsConfig config, string host, IConfigFiles files)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = config.ServerName.Length > 0 ? config.ServerName : host,
            EnabledSslProtocols = Protocols(config),
        };
        if (config.InsecureSkipVerify) options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        string authority = Text(config.Ca, config.CaFile, files);
        if (authority.Length > 0 && !config.InsecureSkipVerify)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPem(authority);
        }
        string certificate = Text(config.Cert, config.CertFile, files);
        if (certificate.Length > 0)
        {
            string key = config.Key?.Reveal() ?? Text("", config.KeyFile, files);
            options.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        }
        return options;
    }

    static string Text(string inline, string file, IConfigFiles files) =>
        inline.Length > 0 || file.Length == 0 ? inline : files.ReadText(file) ?? throw new IOException($"cannot read {file}");

    static SslProtocols Protocols(TlsConfig config)
    {
        if (config.MinVersion.Length == 0 && config.MaxVersion.Length == 0) return SslProtocols.None;
        // Versions before 1.2 are not offered any more, whatever the configuration allows.
        var protocols = SslProtocols.None;
        if (config.MinVersion != "TLS13") protocols |= SslProtocols.Tls12;
        if (config.MaxVersion is "" or "TLS13") protocols |= SslProtocols.Tls13;
        return protocols;
    }
}
