using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>What must hold between the keys of <c>kubernetes_sd_configs</c>.</summary>
static class KubernetesChecks
{
    static readonly Dictionary<string, string[]> s_selectorRoles = new(StringComparer.Ordinal)
    {
        ["pod"] = ["pod", "node"],
        ["service"] = ["service"],
        ["endpointslice"] = ["pod", "service", "endpointslice"],
        ["endpoints"] = ["pod", "service", "endpoints"],
        ["node"] = ["node"],
        ["ingress"] = ["ingress"],
    };

    public static void Check(Section s, SectionReader reader)
    {
        string role = s.Text("role");
        if (role.Length == 0) reader.Error(s, "role", "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
        else if (!s_selectorRoles.ContainsKey(role)) reader.Error(s, "role", $"unknown Kubernetes SD role \"{role}\"");

        bool server = !s.IsZero("api_server"), kubeconfig = !s.IsZero("kubeconfig_file");
        bool ownNamespace = s.Sub("namespaces")!.Bool("own_namespace");
        bool hasClient = !HttpClientSchema.IsDefault(s);
        if (kubeconfig && server) reader.Error(s, "kubeconfig_file", "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
        if (kubeconfig && hasClient)
            reader.Error(s, "kubeconfig_file", "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
        if (!server && !kubeconfig && hasClient)
            reader.Error(s, "api_server", "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
        if (server && ownNamespace) reader.Error(s, "namespaces", "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
        if (kubeconfig && ownNamespace)
            reader.Error(s, "namespaces", "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
        if (server && UrlText.ProblemOf(s.Text("api_server")) is { } problem) reader.Error(s, "api_server", problem);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in s.Subs("selectors"))
        {
            string selected = selector.Text("role");
            if (!seen.Add(selected)) reader.Error(selector, "role", $"duplicated selector role: {selected}");
            if (s_selectorRoles.TryGetValue(role, out string[]? allowed) && !allowed.Contains(selected))
                reader.Error(selector, "role", $"{role} role supports only {string.Join(", ", allowed)} selectors");
            CheckSelector(selector, "field", reader, allowSets: false);
            CheckSelector(selector, "label", reader, allowSets: true);
        }
    }

    /// <summary>Terms separated by commas: <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>; labels also <c>a</c>, <c>!a</c>, <c>a in (b,
    /// c)</c>.</summary>
    static void CheckSelector(Section s, string key, SectionReader reader, bool allowSets)
    {
        string text = s.Text(key);
        if (text.Length == 0 || allowSets) return;
        foreach (string term in text.Split(','))
            if (!term.Contains('=', StringComparison.Ordinal))
                reader.Error(s, key, $"invalid selector: '{text}'; can't understand '{term}'");
    }
}
