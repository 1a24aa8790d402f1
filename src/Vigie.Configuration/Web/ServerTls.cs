using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vigie.Configuration.Http;

namespace Vigie.Configuration.Web;

/// <summary>
/// The server's side of TLS as a <see cref="ServerTlsConfig"/> asks for it. Files are read for each handshake and parsed when their text has changed, so
/// that certificates can be renewed without a restart. Thread-safe.
/// </summary>
public sealed class ServerTls(ServerTlsConfig config, IConfigFiles files)
{
    readonly Lock _lock = new();
    readonly PemAuthorities _authorities = new();
    (string Text, SslStreamCertificateContext Context)? _own; // guarded by _lock

    /// <summary>What the next handshake goes by.</summary>
    /// <exception cref="ConfigFileException">A file is missing or holds no usable certificate or key.</exception>
    public SslServerAuthenticationOptions Options()
    {
        var authorities = config.ClientCaFile.Length > 0 || config.ClientCa.Length > 0 
            ? _authorities.Of(TextOf(config.ClientCa, config.ClientCaFile, "client_ca_file"), NameOf(config.ClientCaFile, "client_ca")) : null;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Own(),
            EnabledSslProtocols = TlsVersions.Between(config.MinVersion, config.MaxVersion),
            CipherSuitesPolicy = CipherSuites.Policy(config.CipherSuites),
            ClientCertificateRequired = config.ClientAuth != ClientAuth.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => ClientCertificates.IsAccepted(
                config.ClientAuth, config.ClientAllowedSans, authorities, certificate as X509Certificate2, chain),
        };
    }

    SslStreamCertificateContext Own()
    {
        string certificates = TextOf(config.Cert, config.CertFile, "cert_file"), key = TextOf(config.Key?.Reveal() ?? "", config.KeyFile, "key_file");
        lock (_lock)
        {
            string text = $"{certificates}\n{key}";
            if (_own?.Text == text) return _own.Value.Context;
            try
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPem(certificates);
                _own = (text, SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificates, key), all, offline: true));
            }
            catch (Exception problem) when (problem is CryptographicException or ArgumentException)
            {
                throw new ConfigFileException(NameOf(config.CertFile, "cert"),
                    $"failed to load X509KeyPair: no usable certificate, or none of the key {NameOf(config.KeyFile, "key")}: {problem.Message}", problem);
            }
            return _own.Value.Context;
        }
    }

    string TextOf(string inline, string path, string key)
    {
        if (path.Length == 0) return inline;
        try
        {
            return files.ReadText(path) ?? throw new ConfigFileException(path, $"failed to read {key}: no such file or directory");
        }
        catch (IOException problem) when (problem is not ConfigFileException)
        {
            throw new ConfigFileException(path, $"failed to read {key}: {problem.Message}", problem);
        }
    }

    static string NameOf(string path, string key) => path.Length > 0 ? path : key;
}
