using System.Text;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.AlertPolicy;
using Vigie.Configuration.Prometheus;
using Vigie.Configuration.Rules;
using Vigie.Configuration.Vigie;

namespace Vigie.Configuration.Tests;

/// <summary>Whatever a file holds, loading it ends with a configuration or with problems, never with an exception.</summary>
public sealed class MutatedFilesTests
{
    const string Prometheus = """
        global: {scrape_interval: 15s, external_labels: {a: b}}
        rule_files: [a.yml]
        scrape_configs:
        - job_name: a
          params: {m: [x]}
          basic_auth: {username: u, password: p}
          relabel_configs: [{source_labels: [a], regex: x, target_label: y, action: replace, modulus: 3}]
          kubernetes_sd_configs: [{role: pod, namespaces: {names: [n]}, selectors: [{role: pod, label: a=b}]}]
          static_configs: [{targets: ["h:1"], labels: {l: v}}]
        alerting: {alertmanagers: [{static_configs: [{targets: [a]}]}]}
        remote_write: [{url: "http://r", queue_config: {capacity: 5}, metadata_config: {send: true}}]
        storage: {tsdb: {retention: {time: 1d, size: 1GB, percentage: 3}}}
        tracing: {endpoint: t}
        otlp: {promote_resource_attributes: [a]}
        """;

    const string Alertmanager = """
        global: {resolve_timeout: 5m, smtp_smarthost: "a:1", smtp_from: b}
        route: {receiver: r, group_by: [a], routes: [{match: {a: b}, matchers: ["c=d"], group_wait: 1s}]}
        receivers:
        - name: r
          slack_configs: [{api_url: "http://x", fields: [{title: a, value: b}], actions: [{type: a, text: b, name: c, confirm: {text: d}}]}]
          email_configs: [{to: x, headers: {a: b}, threading: {enabled: true}}]
          pagerduty_configs: [{routing_key: k, details: {a: b}, images: [{src: a}]}]
          sns_configs: [{topic_arn: a, sigv4: {region: b}}]
        time_intervals: [{name: n, time_intervals: [{times: [{start_time: "09:00", end_time: "10:00"}], weekdays: ["monday:friday"]}]}]
        inhibit_rules: [{source_match: {a: b}, target_match_re: {c: d}, equal: [e]}]
        """;

    const string Rules = """
        groups:
        - name: g
          interval: 30s
          labels: {a: b}
          rules: [{alert: A, expr: up, for: 1m, labels: {c: d}, annotations: {e: f}}, {record: r, expr: x}]
        """;

    const string Policy = """
        kind: ConfigMap
        metadata: {name: n}
        data:
          severity_levels: {critical: {description: d, response_time: 5 minutes, notification_channels: [slack]}}
          notification_channels: {slack: {webhook_url: u, channel: c}, email: {smtp_port: 25, to_addresses: [a]}}
          escalation: [{level: 1, time: 5 minutes, actions: [notify_manager]}]
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Loaders_NeverThrow(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            Check(Mutate(Prometheus, random), static (t, p) => PrometheusConfigLoader.Load("f.yml", t, new MemoryFiles(), p));
            Check(Mutate(Alertmanager, random), static (t, p) => AlertmanagerConfigLoader.Load("f.yml", t, p));
            Check(Mutate(Rules, random), static (t, p) => RuleFileLoader.Load("f.yml", t, p));
            Check(Mutate(Policy, random), static (t, p) => AlertPolicyLoader.Load("f.yml", t, p));
            Check(Mutate("listen: {web: ':1'}\nstorage: {path: p, retention: {time: 1d}}\nweb: {auth: true}\n", random),
                static (t, p) => VigieConfigLoader.Load("f.yml", t, p, Vigie.Tests.VigieConfigLoaderTests.Selectors));
        }
    }

    static void Check(string text, Func<string, ConfigProblems, object?> load)
    {
        var problems = new ConfigProblems();
        try
        {
            Assert.NotEqual(load(text, problems) is null, !problems.HasErrors);
        }
        catch (Exception problem) when (problem is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{problem}\n{text}");
        }
    }

    /// <summary>Replaces values by nothing or by something of another type, and characters by others.</summary>
    static string Mutate(string text, Random random)
    {
        string[] values = ["", "null", "[]", "{}", "[null]", "{a: null}", "-1", "1e99", "''", "[[a]]", "{a: {b: c}}", "yes", "&x y", "99999999999999999999"];
        string[] marks = [": ", "[", "{", ", "];
        var mutated = new StringBuilder(text);
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            string now = mutated.ToString();
            int at = now.IndexOf(marks[random.Next(marks.Length)], random.Next(now.Length), StringComparison.Ordinal);
            if (at < 0) continue;
            int start = Math.Min(at + (random.Next(2) == 0 ? 1 : 2), now.Length);
            int end = now.AsSpan(start).IndexOfAny(",]}\n") is var length and >= 0 ? start + length : now.Length;
            if (random.Next(5) == 0) mutated[start - 1] = "[]{}:,\n'\"#&*"[random.Next(12)];
            else mutated.Remove(start, end - start).Insert(start, " " + values[random.Next(values.Length)]);
        }
        return mutated.ToString();
    }
}
