using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vigie.Configuration.Web;

/// <summary>Whether a client's certificate is good enough, as Go's crypto/tls and the exporter-toolkit judge it.</summary>
static class ClientCertificates
{
    const string ClientAuthUsage = "1.3.6.1.5.5.7.3.2";

    /// <param name="authorities">Null: those the system trusts.</param>
    /// <param name="certificate">Null: the client sent none.</param>
    /// <param name="sent">Holds what else the client sent, if not null.</param>
    public static bool IsAccepted(
        ClientAuth auth, IReadOnlyList<string> allowedSans, X509Certificate2Collection? authorities, X509Certificate2? certificate, X509Chain? sent)
    {
        if (auth == ClientAuth.None) return true;
        if (certificate is null) return auth is ClientAuth.Request or ClientAuth.VerifyIfGiven;
        if (auth is ClientAuth.VerifyIfGiven or ClientAuth.RequireAndVerify && !IsTrusted(certificate, authorities, sent)) return false;
        return allowedSans.Count == 0 || SansOf(certificate).Any(san => allowedSans.Contains(san, StringComparer.Ordinal));
    }

    static bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection? authorities, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthUsage));
        if (authorities is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        if (sent is not null)
            foreach (var element in sent.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate);
    }

    /// <summary>Names a certificate is for: DNS names, e-mail addresses, URIs, addresses (RFC 5280, 4.2.1.6). Other kinds are left out.</summary>
    internal static List<string> SansOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions)
        {
            if (extension is not X509SubjectAlternativeNameExtension) continue;
            try
            {
                var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (list.HasData)
                {
                    var tag = list.PeekTag();
                    int kind = tag.TagClass == TagClass.ContextSpecific ? tag.TagValue : -1;
                    if (kind is 1 or 2 or 6) names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    else if (kind == 7) names.Add(new IPAddress(list.ReadOctetString(tag)).ToString());
                    else list.ReadEncodedValue();
                }
            }
            catch (Exception problem) when (problem is AsnContentException or ArgumentException)
            {
                return []; // not a list of names: it is for none
            }
        }
        return names;
    }
}
