using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Configuration.Checks;

/// <summary>Looks for the files a configuration names: secrets, certificates, targets. They may be
/// elsewhere where the configuration will run, so what is missing is a warning.</summary>
static class NamedFiles
{
    public static void Check(PrometheusConfig config, IConfigFiles files, ConfigProblems problems)
    {
        foreach (var job in config.ScrapeConfigs)
        {
            CheckClient(job.Http, job.Position, files, problems);
            CheckDiscoveries(job.Discoveries, job.Position, $"scrape job {GoText.Quote(job.JobName)}", files, problems);
        }
        foreach (var alertmanager in config.Alerting.Alertmanagers)
        {
            CheckClient(alertmanager.Http, alertmanager.Position, files, problems);
            CheckDiscoveries(alertmanager.Discoveries, alertmanager.Position, "an alertmanager", files, problems);
        }
        foreach (var remote in config.RemoteWrite) CheckClient(remote.Http, remote.Position, files, problems);
        foreach (var remote in config.RemoteRead) CheckClient(remote.Http, remote.Position, files, problems);
    }

    static void CheckClient(HttpClientConfig http, SourcePosition at, IConfigFiles files, ConfigProblems problems)
    {
        Need(http.Authorization?.CredentialsFile, "authorization credentials or bearer token file");
        Need(http.BasicAuth?.PasswordFile, "basic auth password file");
        Need(http.Tls.CaFile, "ca file");
        Need(http.Tls.CertFile, "client cert file");
        Need(http.Tls.KeyFile, "client key file");

        void Need(string? path, string what)
        {
            if (!string.IsNullOrEmpty(path) && !Exists(files, path))
                problems.Warning(at, "", $"{what} {GoText.Quote(path)} does not exist");
        }
    }

    static void CheckDiscoveries(IReadOnlyList<DiscoveryConfig> discoveries, SourcePosition at, string owner, IConfigFiles files,
        ConfigProblems problems)
    {
        foreach (var discovery in discoveries)
        {
            switch (discovery)
            {
                case FileDiscoveryConfig file:
                    foreach (string pattern in file.Files)
                        if (GlobPattern.Find(files, pattern).Count == 0)
                            problems.Warning(file.Position, "", $"file {GoText.Quote(pattern)} for file_sd in {owner} does not exist");
                    break;
                case HttpDiscoveryConfig http:
                    CheckClient(http.Http, at, files, problems);
                    break;
                case OtherDiscoveryConfig other:
                    CheckClient(other.Http, at, files, problems);
                    break;
            }
        }
    }

    static bool Exists(IConfigFiles files, string path)
    {
        string folder = ConfigPath.FolderOf(path);
        return files.List(folder.Length == 0 ? "." : folder).Contains(path[(path.LastIndexOf('/') + 1)..]);
    }
}
