using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vigie.Configuration.Http;

/// <summary>Certificates of a TLS block, read when a connection is made and kept while their text stays the same.</summary>
sealed class TlsFiles(TlsConfig tls, IConfigFiles files)
{
    readonly Lock _lock = new();
    readonly PemAuthorities _authorities = new();
    (string Text, X509Certificate2 Certificate)? _client; // guarded by _lock

    public bool HasClientCertificate => tls.Cert.Length > 0 || tls.CertFile.Length > 0;
    public bool HasAuthorities => tls.Ca.Length > 0 || tls.CaFile.Length > 0;

    /// <exception cref="ConfigFileException">A file is missing or holds no usable certificate and key.</exception>
    public X509Certificate2 ClientCertificate()
    {
        string certificate = tls.Cert.Length > 0 ? tls.Cert : files.Reveal(null, tls.CertFile);
        string key = files.Reveal(tls.Key, tls.KeyFile);
        lock (_lock)
        {
            string text = $"{certificate}\n{key}";
            if (_client?.Text == text) return _client.Value.Certificate;
            try
            {
                _client = (text, X509Certificate2.CreateFromPem(certificate, key));
            }
            catch (Exception problem) when (problem is CryptographicException or ArgumentException)
            {
                throw new ConfigFileException(tls.CertFile.Length > 0 ? tls.CertFile : "cert", "no usable certificate and key", problem);
            }
            return _client.Value.Certificate;
        }
    }

    X509Certificate2Collection Authorities() => tls.Ca.Length > 0 ? _authorities.Of(tls.Ca, "ca") : _authorities.Of(files.Reveal(null, tls.CaFile), tls.CaFile);

    /// <summary>Whether a server's certificate leads to one of the configured authorities, and is for the name that was asked
    /// for.</summary>
    public bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors problems)
    {
        if (certificate is null || (problems & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(Authorities());
        if (chain is not null)
            foreach (var element in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(new X509Certificate2(certificate));
    }
}
