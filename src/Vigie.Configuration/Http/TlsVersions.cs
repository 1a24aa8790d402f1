using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;

namespace Vigie.Configuration.Http;

/// <summary>Versions of TLS as files name them: TLS10 to TLS13.</summary>
static class TlsVersions
{
    /// <summary>All versions from one to another.</summary>
    [SuppressMessage("Security", "CA5397", Justification = "Old versions are used only if the configuration names them.")]
    public static SslProtocols Between(string min, string max)
    {
        var protocols = SslProtocols.None;
        // The members for TLS 1.0 and 1.1 are marked obsolete, hence their numbers.
        for (int level = Level(min); level <= Level(max); level++)
            protocols |= (SslProtocols)(level switch { 0 => 0xC0, 1 => 0x300, 2 => 0xC00, _ => 0x3000 });
        return protocols;
    }

    /// <summary>0 is TLS 1.0, 3 is TLS 1.3.</summary>
    static int Level(string version) => version[^1] - '0';
}
