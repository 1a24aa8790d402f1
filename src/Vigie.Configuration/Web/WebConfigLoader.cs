using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Web;

/// <summary>Reads a web configuration.</summary>
public static class WebConfigLoader
{
    /// <summary>Reads the file alone; the certificates it names are read when they are needed.</summary>
    /// <param name="fileName">Path of the file: its folder is where relative paths begin.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static WebConfig? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var top = new SectionReader(problems, ConfigPath.FolderOf(fileName)).Read(node, WebConfigSchema.Top, "");
        return problems.ErrorCount > errorsBefore ? null : Build(top);
    }

    /// <summary>Reads the file, and the certificates it names.</summary>
    /// <inheritdoc cref="Load(string, string, ConfigProblems)"/>
    public static WebConfig? Load(string fileName, string text, IConfigFiles files, ConfigProblems problems)
    {
        if (Load(fileName, text, problems) is not { } config) return null;
        if (config.Tls is null) return config;
        try
        {
            new ServerTls(config.Tls, files).Options();
            return config;
        }
        catch (ConfigFileException problem)
        {
            problems.Error(new SourcePosition(fileName, 0, 0), "tls_server_config", problem.Message);
            return null;
        }
    }

    static WebConfig Build(Section top)
    {
        Section tls = top.Sub("tls_server_config")!, http = top.Sub("http_server_config")!, rate = top.Sub("rate_limit")!;
        return new WebConfig
        {
            Tls = WebConfigSchema.IsTlsEnabled(tls) ? new ServerTlsConfig
            {
                Cert = tls.Text("cert"),
                CertFile = tls.Text("cert_file"),
                Key = tls.Secret("key"),
                KeyFile = tls.Text("key_file"),
                ClientCa = tls.Text("client_ca"),
                ClientCaFile = tls.Text("client_ca_file"),
                ClientAuth = WebConfigSchema.ClientAuthTypes[tls.Text("client_auth_type")],
                ClientAllowedSans = tls.Texts("client_allowed_sans"),
                MinVersion = tls.Text("min_version"),
                MaxVersion = tls.Text("max_version"),
                CipherSuites = tls.Texts("cipher_suites"),
            } : null,
            Http2 = http.Bool("http2"),
            Headers = http.Map("headers").Where(static header => header.Value.Length > 0).ToDictionary(StringComparer.Ordinal),
            Users = top.Map("basic_auth_users").ToDictionary(static user => user.Key, static user => new Secret(user.Value), StringComparer.Ordinal),
            RateLimit = rate.Duration("interval") == TimeSpan.Zero ? null : new RateLimitConfig(rate.Duration("interval"), (int)rate.Int("burst")),
        };
    }
}
