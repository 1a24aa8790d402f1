using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace Vigie.Configuration.Web;

/// <summary>The suites that may be named: those Go calls secure (crypto/tls, CipherSuites).</summary>
static class CipherSuites
{
    /// <summary>Those of TLS 1.3 are always offered: as in Go, a list is about the older versions.</summary>
    static readonly TlsCipherSuite[] s_always =
        [TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];

    static readonly Dictionary<string, TlsCipherSuite> s_byName = new[]
    {
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    }.ToDictionary(static suite => suite.ToString(), StringComparer.Ordinal);

    public static string Expected { get; } = "one of " + string.Join(", ", s_byName.Keys);

    public static bool IsKnown(string name) => s_byName.ContainsKey(name);

    /// <returns>Null for none: the system's choice.</returns>
    [SuppressMessage("Interoperability", "CA1416", Justification = "Where there is no such policy, this program does not run.")]
    public static CipherSuitesPolicy? Policy(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : new CipherSuitesPolicy(s_always.Concat(names.Select(static name => s_byName[name])).Distinct());
}
