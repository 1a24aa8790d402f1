using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>
/// The keys of every <c>*_sd_configs</c> of Prometheus 3 (docs/configuration/configuration.md), by kind. Rules that need more than a line
/// are in <see cref="DiscoveryChecks"/>.
/// </summary>
static class DiscoverySchemas
{
    static readonly IReadOnlyList<Field> s_aws =
    [
        Text("endpoint"), Text("region"), Text("access_key"), SecretText("secret_key"), Text("profile"), Text("role_arn"),
        Text("external_id"),
        Port(80), Refresh(60), .. HttpClientSchema.Fields,
    ];

    static SectionSchema Filter { get; } = new("filter", [Text("name"), Texts("values")]);

    public static SectionSchema Static { get; } = new("static_config", [Texts("targets"), Map("labels")]);

    /// <summary>By kind: the part of the key before <c>_sd_configs</c>.</summary>
    public static IReadOnlyDictionary<string, SectionSchema> ByKind { get; } = new SortedDictionary<string,
        SectionSchema>(StringComparer.Ordinal)
    {
        ["aws"] = new("aws_sd_config",
            [Text("role"), Subs("filters", Filter), Texts("clusters"), Texts("load_balancers"), Int("request_concurrency"), .. s_aws]),
        ["azure"] = WithHttp("azure_sd_config",
        [
            Port(80), Text("subscription_id"), Text("tenant_id"), Text("client_id"), SecretText("client_secret"), Refresh(300),
            Text("authentication_method").Or("OAuth"), Text("resource_group"), Text("environment").Or("AzurePublicCloud"),
        ], DiscoveryChecks.Azure),
        ["consul"] = WithHttp("consul_sd_config",
        [
            Text("server").Or("localhost:8500"), Text("path_prefix"), SecretText("token"), Text("datacenter"), Text("namespace"),
            Text("partition"),
            Text("tag_separator").Or(","), Text("scheme").Or("http"), Text("username"), SecretText("password"),
            Bool("allow_stale").Or(true),
            Refresh(30), Texts("services"), Texts("tags"), Map("node_meta"), Text("filter"), Text("health_filter"),
        ], DiscoveryChecks.Consul),
        ["digitalocean"] = WithHttp("digitalocean_sd_config", [Port(80), Refresh(60)]),
        ["dns"] = new("dns_sd_config", [Texts("names"), Refresh(30), Text("type").Or("SRV"), Port(0)], DiscoveryChecks.Dns),
        ["docker"] = WithHttp("docker_sd_config",
        [
            Text("host"), Subs("filters", Filter), Port(80), Text("host_networking_host").Or("localhost"),
            Bool("match_first_network").Or(true), Refresh(60),
        ], DiscoveryChecks.Docker),
        ["dockerswarm"] = WithHttp("dockerswarm_sd_config",
            [Text("host"), Text("role"), Subs("filters", Filter), Port(80), Refresh(60)], DiscoveryChecks.DockerSwarm),
        ["ec2"] = new("ec2_sd_config", [Subs("filters", Filter), .. s_aws], DiscoveryChecks.Ec2),
        ["eureka"] = WithHttp("eureka_sd_config", [Text("server"), Refresh(30)], DiscoveryChecks.Eureka),
        ["file"] = new("file_sd_config", [Paths("files"), Refresh(300)], DiscoveryChecks.File),
        ["gce"] = new("gce_sd_config",
            [Text("project"), Text("zone"), Text("filter"), Refresh(60), Port(80), Text("tag_separator").Or(",")], DiscoveryChecks.Gce),
        ["hetzner"] = WithHttp("hetzner_sd_config", [Text("role"), Port(80), Refresh(60), Text("label_selector")], DiscoveryChecks.Hetzner),
        ["http"] = WithHttp("http_sd_config", [Refresh(60), Text("url")], DiscoveryChecks.Http),
        ["ionos"] = WithHttp("ionos_sd_config", [Text("datacenter_id"), Port(80), Refresh(60)], DiscoveryChecks.Ionos),
        ["kubernetes"] = WithHttp("kubernetes_sd_config",
        [
            Text("api_server"), Text("role"), PathTo("kubeconfig_file"),
            Sub("namespaces", new SectionSchema("namespaces", [Bool("own_namespace"), Texts("names")])),
            Subs("selectors", new SectionSchema("selector", [Text("role"), Text("label"), Text("field")])),
            Sub("attach_metadata", new SectionSchema("attach_metadata", [Bool("node"), Bool("namespace")])),
        ], KubernetesChecks.Check),
        ["kuma"] = WithHttp("kuma_sd_config",
            [Text("server"), Refresh(15), Duration("fetch_timeout").Or(TimeSpan.FromMinutes(2)), Text("client_id")], DiscoveryChecks.Kuma),
        ["lightsail"] = new("lightsail_sd_config", s_aws, HttpClientSchema.Check),
        ["linode"] = WithHttp("linode_sd_config", [Text("region"), Port(80), Text("tag_separator").Or(","), Refresh(60)]),
        ["marathon"] = WithHttp("marathon_sd_config",
            [Texts("servers"), Refresh(30), SecretText("auth_token"), PathTo("auth_token_file")], DiscoveryChecks.Marathon),
        ["nerve"] = new("nerve_sd_config", [Texts("servers"), Texts("paths"), Timeout(10)], DiscoveryChecks.Zookeeper),
        ["nomad"] = WithHttp("nomad_sd_config",
        [
            Bool("allow_stale").Or(true), Text("namespace").Or("default"), Refresh(60), Text("region").Or("global"),
            Text("server").Or("http://localhost:4646"), Text("tag_separator").Or(","),
        ]),
        ["oci"] = WithHttp("oci_sd_config",
        [
            Text("authentication_method"), Text("region"), Text("tenancy"), Text("user"), Text("fingerprint"), PathTo("key_file"),
            SecretText("key_passphrase"), Texts("compartments"), Text("tag_separator"), Port(80), Refresh(60),
        ]),
        ["openstack"] = new("openstack_sd_config",
        [
            Text("identity_endpoint"), Text("username"), Text("userid"), SecretText("password"), Text("project_name"), Text("project_id"),
            Text("domain_name"), Text("domain_id"), Text("application_credential_name"), Text("application_credential_id"),
            SecretText("application_credential_secret"), Text("role"), Text("region"), Refresh(60), Port(80), Bool("all_tenants"),
            Sub("tls_config", HttpClientSchema.Tls), Text("availability").Or("public"),
        ], DiscoveryChecks.OpenStack),
        ["outscale"] = WithHttp("outscale_sd_config",
        [
            Text("region").Or("eu-west-2"), Text("endpoint"), Text("access_key"), SecretText("secret_key"), PathTo("secret_key_file"),
            Port(80), Refresh(60),
        ], DiscoveryChecks.Outscale),
        ["ovhcloud"] = new("ovhcloud_sd_config",
        [
            Text("endpoint").Or("ovh-eu"), Text("application_key"), SecretText("application_secret"), SecretText("consumer_key"),
            Refresh(60),
            Text("service"),
        ], DiscoveryChecks.OvhCloud),
        ["puppetdb"] = WithHttp("puppetdb_sd_config",
            [Refresh(60), Text("url"), Text("query"), Bool("include_parameters"), Port(80)], DiscoveryChecks.PuppetDb),
        ["scaleway"] = WithHttp("scaleway_sd_config",
        [
            Text("project_id"), Text("api_url").Or("https://api.scaleway.com"), Text("zone").Or("fr-par-1"), Text("access_key"),
            SecretText("secret_key"), PathTo("secret_key_file"), Text("name_filter"), Texts("tags_filter"), Refresh(60), Port(80),
            Text("role"),
        ], DiscoveryChecks.Scaleway),
        ["serverset"] = new("serverset_sd_config", [Texts("servers"), Texts("paths"), Timeout(10)], DiscoveryChecks.Zookeeper),
        ["stackit"] = WithHttp("stackit_sd_config",
        [
            Text("project"), Refresh(60), Port(80), Text("region").Or("eu01"), Text("endpoint"), SecretText("service_account_key"),
            SecretText("private_key"), PathTo("service_account_key_path"), PathTo("private_key_path"), PathTo("credentials_file_path"),
        ], DiscoveryChecks.Stackit),
        ["triton"] = new("triton_sd_config",
        [
            Text("account"), Text("role").Or("container"), Text("dns_suffix"), Text("endpoint"), Texts("groups"), Port(9163), Refresh(60),
            Sub("tls_config", HttpClientSchema.Tls), Int("version").Or(1L),
        ], DiscoveryChecks.Triton),
        ["uyuni"] = WithHttp("uyuni_sd_config",
        [
            Text("server"), Text("username"), SecretText("password"), Text("entitlement").Or("monitoring_entitled"),
            Text("separator").Or(","), Refresh(60),
        ], DiscoveryChecks.Uyuni),
        ["vultr"] = WithHttp("vultr_sd_config", [Port(80), Refresh(60)]),
    };

    /// <summary>The keys of all kinds, for the sections that may hold discoveries. In the order Prometheus prints them.</summary>
    public static IReadOnlyList<Field> Fields { get; } =
    [
        .. ByKind.Select(static kind => Subs($"{kind.Key}_sd_configs", kind.Value, $"empty or null section in {kind.Key}_sd_configs")),
        Subs("static_configs", Static, "empty or null section in static_configs"),
    ];

    static SectionSchema WithHttp(string name, IReadOnlyList<Field> fields, Action<Section, SectionReader>? check = null) =>
        new(name, [.. fields, .. HttpClientSchema.Fields], (section, reader) =>
        {
            HttpClientSchema.Check(section, reader);
            check?.Invoke(section, reader);
        });

    static Field Port(long port) => Int("port", 0, 65535).Or(port).Always();
    static Field Refresh(int seconds) => Duration("refresh_interval").Or(TimeSpan.FromSeconds(seconds));
    static Field Timeout(int seconds) => Duration("timeout").Or(TimeSpan.FromSeconds(seconds));
}
