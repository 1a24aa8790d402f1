using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>What must hold between the keys of a discovery, with upstream's words.</summary>
static class DiscoveryChecks
{
    public static void Azure(Section s, SectionReader reader)
    {
        Require(s, reader, "subscription_id", "azure SD configuration requires a subscription_id");
        switch (s.Text("authentication_method"))
        {
            case "OAuth":
                Require(s, reader, "tenant_id", "azure SD configuration requires a tenant_id");
                Require(s, reader, "client_id", "azure SD configuration requires a client_id");
                Require(s, reader, "client_secret", "azure SD configuration requires a client_secret");
                break;
            case "ManagedIdentity" or "SDK" or "WorkloadIdentity":
                break;
            case var other:
                reader.Error(s, "authentication_method",
                    $"unknown authentication_type {GoText.Quote(other)}. Supported types are \"OAuth\", "
                    + "\"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\"");
                break;
        }
    }

    public static void Consul(Section s, SectionReader reader)
    {
        Require(s, reader, "server", "consul SD configuration requires a server address");
        bool basic = s.Sub("basic_auth") is not null || !s.IsZero("username") || !s.IsZero("password");
        if (!s.IsZero("token") && (basic || s.Sub("authorization") is not null || s.Sub("oauth2") is not null))
            reader.Error(s, "token", "at most one of token, basic_auth, authorization & oauth2 must be configured");
    }

    public static void Dns(Section s, SectionReader reader)
    {
        if (s.Texts("names").Count == 0) reader.Error(s, "names", "DNS-SD config must contain at least one SRV record name");
        string type = s.Text("type").ToUpperInvariant();
        s.Set("type", type);
        if (type is "A" or "AAAA" or "MX" or "NS")
        {
            if (s.Int("port") == 0) reader.Error(s, "port", "a port is required in DNS-SD configs for all record types except SRV");
        }
        else if (type != "SRV") reader.Error(s, "type", $"invalid DNS-SD records type {type}");
    }

    public static void Docker(Section s, SectionReader reader) => CheckDockerHost(s, reader);

    public static void DockerSwarm(Section s, SectionReader reader)
    {
        CheckDockerHost(s, reader);
        if (s.IsZero("role")) reader.Error(s, "role", "role missing (one of: tasks, services, nodes)");
        else if (s.Text("role") is not ("tasks" or "services" or "nodes"))
            reader.Error(s, "role", $"invalid role {s.Text("role")}, expected tasks, services, or nodes");
    }

    static void CheckDockerHost(Section s, SectionReader reader)
    {
        if (s.IsZero("host")) reader.Error(s, "host", "host missing");
        else if (!Uri.TryCreate(s.Text("host"), UriKind.Absolute, out _))
            reader.Error(s, "host", "found no valid URL, expected one such as unix:///var/run/docker.sock");
    }

    public static void Ec2(Section s, SectionReader reader)
    {
        HttpClientSchema.Check(s, reader);
        foreach (var filter in s.Subs("filters"))
            if (filter.Texts("values").Count == 0) reader.Error(filter, "values", "EC2 SD configuration filter values cannot be empty");
    }

    public static void Eureka(Section s, SectionReader reader)
    {
        string server = s.Text("server");
        if (server.Length == 0) reader.Error(s, "server", "eureka_sd: empty or null eureka server");
        else if (UrlText.ProblemOf(server) is not null) reader.Error(s, "server", "invalid eureka server URL");
    }

    public static void File(Section s, SectionReader reader)
    {
        if (s.Texts("files").Count == 0) reader.Error(s, "files", "file service discovery config must contain at least one path name");
        foreach (string path in s.Texts("files"))
            if (!IsTargetFile(path)) reader.Error(s, "files", $"path name {GoText.Quote(path)} is not valid for file discovery");
    }

    /// <summary>JSON or YAML by its ending, wildcards in the last part only.</summary>
    static bool IsTargetFile(string path)
    {
        int slash = path.LastIndexOf('/');
        string extension = path[(path.LastIndexOf('.') + 1)..];
        return extension is "json" or "yml" or "yaml" or "JSON" or "YML" or "YAML"
            && !path[..(slash + 1)].Contains('*', StringComparison.Ordinal)
            && path.Count(static c => c == '*') <= 1;
    }

    public static void Gce(Section s, SectionReader reader)
    {
        Require(s, reader, "project", "GCE SD configuration requires a project");
        Require(s, reader, "zone", "GCE SD configuration requires a zone");
    }

    public static void Hetzner(Section s, SectionReader reader)
    {
        if (s.IsZero("role")) reader.Error(s, "role", "role missing (one of: robot, hcloud)");
        else if (s.Text("role") is not ("robot" or "hcloud")) reader.Error(s, "role", $"unknown role {GoText.Quote(s.Text("role"))}");
    }

    public static void Http(Section s, SectionReader reader)
    {
        if (UrlText.ProblemOfDiscoveryUrl(s.Text("url")) is { } problem) reader.Error(s, "url", problem);
    }

    public static void Ionos(Section s, SectionReader reader) => Require(s, reader, "datacenter_id", "datacenter id can't be empty");

    public static void Kuma(Section s, SectionReader reader)
    {
        if (s.IsZero("server")) reader.Error(s, "server", "kuma SD server must not be empty");
        else if (!Uri.TryCreate(s.Text("server"), UriKind.Absolute, out var url) || url.Host.Length == 0)
            reader.Error(s, "server", "kuma SD server must not be empty and have a scheme");
    }

    public static void Marathon(Section s, SectionReader reader)
    {
        if (s.Texts("servers").Count == 0) reader.Error(s, "servers", "marathon_sd: must contain at least one Marathon server");
        bool token = !s.IsZero("auth_token"), tokenFile = !s.IsZero("auth_token_file");
        bool basic = s.Sub("basic_auth") is not null;
        if (token && tokenFile)
            reader.Error(s, "auth_token", "marathon_sd: at most one of auth_token & auth_token_file must be configured");
        if (!token && !tokenFile) return;
        if (basic) reader.Error(s, "auth_token", "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
        if (s.Has("bearer_token") || s.Has("bearer_token_file"))
            reader.Error(s, "auth_token",
                "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured");
        else if (s.Sub("authorization") is not null)
            reader.Error(s, "auth_token", "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured");
    }

    public static void OpenStack(Section s, SectionReader reader)
    {
        if (s.Text("availability") is not ("public" or "internal" or "admin"))
            reader.Error(s, "availability", $"unknown availability {s.Text("availability")}, must be one of admin, internal or public");
        if (s.IsZero("role")) reader.Error(s, "role", "role missing (one of: instance, hypervisor, loadbalancer)");
        else if (s.Text("role") is not ("instance" or "hypervisor" or "loadbalancer"))
            reader.Error(s, "role", $"unknown OpenStack SD role {GoText.Quote(s.Text("role"))}");
        Require(s, reader, "region", "openstack SD configuration requires a region");
    }

    public static void Outscale(Section s, SectionReader reader)
    {
        Require(s, reader, "access_key", "access_key is mandatory");
        if (HttpClientSchema.Count(s, "secret_key", "secret_key_file") > 1)
            reader.Error(s, "secret_key", "at most one of secret_key & secret_key_file must be configured");
        else if (HttpClientSchema.Count(s, "secret_key", "secret_key_file") == 0)
            reader.Error(s, "secret_key", "one of secret_key & secret_key_file must be configured");
    }

    public static void OvhCloud(Section s, SectionReader reader)
    {
        Require(s, reader, "endpoint", "endpoint can not be empty");
        Require(s, reader, "application_key", "application key can not be empty");
        Require(s, reader, "application_secret", "application secret can not be empty");
        Require(s, reader, "consumer_key", "consumer key can not be empty");
        if (s.Text("service") is not ("dedicated_server" or "vps")) reader.Error(s, "service", $"unknown service: {s.Text("service")}");
    }

    public static void PuppetDb(Section s, SectionReader reader)
    {
        if (UrlText.ProblemOfDiscoveryUrl(s.Text("url")) is { } problem) reader.Error(s, "url", problem);
        Require(s, reader, "query", "query missing");
    }

    public static void Scaleway(Section s, SectionReader reader)
    {
        if (s.Text("role") is not ("instance" or "baremetal")) reader.Error(s, "role", $"unknown role {GoText.Quote(s.Text("role"))}");
        Require(s, reader, "project_id", "project_id is mandatory");
        Require(s, reader, "access_key", "access_key is mandatory");
        if (HttpClientSchema.Count(s, "secret_key", "secret_key_file") > 1)
            reader.Error(s, "secret_key", "at most one of secret_key & secret_key_file must be configured");
        else if (HttpClientSchema.Count(s, "secret_key", "secret_key_file") == 0)
            reader.Error(s, "secret_key", "one of secret_key & secret_key_file must be configured");
    }

    public static void Stackit(Section s, SectionReader reader)
    {
        if (!s.IsZero("endpoint") && UrlText.ProblemOf(s.Text("endpoint")) is not null) reader.Error(s, "endpoint", "invalid endpoint");
        Require(s, reader, "project", "STACKIT SD configuration requires a project");
    }

    public static void Triton(Section s, SectionReader reader)
    {
        if (s.Text("role") is not ("container" or "cn"))
            reader.Error(s, "role", "triton SD configuration requires role to be 'container' or 'cn'");
        Require(s, reader, "account", "triton SD configuration requires an account");
        Require(s, reader, "dns_suffix", "triton SD configuration requires a dns_suffix");
        Require(s, reader, "endpoint", "triton SD configuration requires an endpoint");
    }

    public static void Uyuni(Section s, SectionReader reader)
    {
        Require(s, reader, "server", "Uyuni SD configuration requires server host");
        if (!s.IsZero("server") && UrlText.ProblemOf(s.Text("server")) is { } problem)
            reader.Error(s, "server", $"Uyuni Server URL is not valid: {problem}");
        Require(s, reader, "username", "Uyuni SD configuration requires a username");
        Require(s, reader, "password", "Uyuni SD configuration requires a password");
    }

    public static void Zookeeper(Section s, SectionReader reader)
    {
        if (s.Texts("servers").Count == 0) reader.Error(s, "servers", "nerve SD config must contain at least one Zookeeper server");
        if (s.Texts("paths").Count == 0) reader.Error(s, "paths", "nerve SD config must contain at least one path");
        foreach (string path in s.Texts("paths"))
            if (!path.StartsWith('/')) reader.Error(s, "paths", $"nerve SD config paths must begin with '/': {path}");
    }

    static void Require(Section s, SectionReader reader, string key, string message)
    {
        if (!s.IsGiven(key)) reader.Error(s, key, message);
    }
}
