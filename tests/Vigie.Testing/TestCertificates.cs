using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vigie.Testing;

/// <summary>An authority made for one test, and certificates it has signed, as PEM.</summary>
public sealed class TestCertificates : IDisposable
{
    const string ServerUsage = "1.3.6.1.5.5.7.3.1", ClientUsage = "1.3.6.1.5.5.7.3.2";

    static readonly DateTimeOffset s_from = DateTimeOffset.UtcNow.AddDays(-1), s_to = DateTimeOffset.UtcNow.AddDays(30);

    readonly X509Certificate2 _authority;

    public TestCertificates(string name = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(s_from, s_to);
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A certificate for localhost and 127.0.0.1.</summary>
    public (string Certificate, string Key) Server() => Sign("localhost", ServerUsage, static names =>
    {
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
    });

    /// <summary>A client's certificate with one name of each kind, made of <paramref name="name"/>.</summary>
    public (string Certificate, string Key) Client(string name) => Sign(name, ClientUsage, names =>
    {
        names.AddDnsName(name + ".example");
        names.AddEmailAddress(name + "@example");
        names.AddUri(new Uri($"spiffe://example/{name}"));
        names.AddIpAddress(IPAddress.Parse("10.0.0.7"));
        names.AddIpAddress(IPAddress.Parse("fd00::7"));
        names.AddUserPrincipalName(name); // of a kind that is not compared
    });

    /// <summary>Whether a certificate comes from here, for clients that trust this authority only.</summary>
    public bool HasSigned(X509Certificate? certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return certificate is X509Certificate2 whole && chain.Build(whole);
    }

    public void Dispose() => _authority.Dispose();

    (string Certificate, string Key) Sign(string name, string usage, Action<SubjectAlternativeNameBuilder> addNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, s_from, s_to, RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
