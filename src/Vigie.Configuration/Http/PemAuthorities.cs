using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vigie.Configuration.Http;

/// <summary>Certificates of authorities in PEM, parsed when their text has changed. Thread-safe.</summary>
sealed class PemAuthorities
{
    readonly Lock _lock = new();
    (string Text, X509Certificate2Collection Certificates)? _last; // guarded by _lock

    /// <param name="name">Of the file or key that the text is from.</param>
    /// <exception cref="ConfigFileException">There is no usable certificate in it.</exception>
    public X509Certificate2Collection Of(string text, string name)
    {
        lock (_lock)
        {
            if (_last?.Text == text) return _last.Value.Certificates;
            var certificates = new X509Certificate2Collection();
            try
            {
                certificates.ImportFromPem(text);
            }
            catch (CryptographicException problem)
            {
                throw new ConfigFileException(name, $"no usable certificates: {problem.Message}", problem);
            }
            // With none, nobody would be trusted, and nothing would say why.
            if (certificates.Count == 0) throw new ConfigFileException(name, "found no certificate");
            _last = (text, certificates);
            return certificates;
        }
    }
}
