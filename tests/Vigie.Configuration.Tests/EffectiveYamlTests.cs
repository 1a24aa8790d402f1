using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Prometheus;

namespace Vigie.Configuration.Tests;

/// <summary>What the status pages show is a file again, and says the same.</summary>
public sealed class EffectiveYamlTests
{
    [Fact]
    public void Prometheus_IsAFixedPoint() => Check("""
        global: {scrape_interval: 15s, external_labels: {"weird name": "a: b # c", multi: "x\ny"}}
        rule_files: [rules/*.yml]
        scrape_configs:
        - job_name: "yes"
          params: {'match[]': ['{job="x"}', up]}
          body_size_limit: 15MB
          basic_auth: {username: "null", password: p}
          tls_config: {ca_file: ca.pem, min_version: TLS12}
          http_headers: {X-A: {values: [v], secrets: [s]}}
          relabel_configs:
          - {source_labels: [a, b], regex: "(.+);(.*)", target_label: c, replacement: "$1:${2}"}
          - {action: hashmod, source_labels: [c], modulus: 18446744073709551615, target_label: d}
          kubernetes_sd_configs: [{role: pod, namespaces: {names: [default]}}]
          dns_sd_configs: [{names: [n], type: a, port: 9}]
          static_configs: [{targets: ["h:1"], labels: {l: "01"}}]
        remote_write: [{url: "http://r", write_relabel_configs: [{regex: x, action: labeldrop}]}]
        storage: {tsdb: {out_of_order_time_window: 30m, retention: {time: 15d}}}
        tracing: {endpoint: "t:1", sampling_fraction: 0.5}
        """, static (text, problems) => PrometheusConfigLoader.Load("p.yml", text, new MemoryFiles(), problems)?.EffectiveYaml);

    [Fact]
    public void Alertmanager_IsAFixedPoint() => Check("""
        global: {slack_api_url: "https://hooks.example/x", smtp_smarthost: "m:25", smtp_from: a@b}
        route:
          receiver: r
          routes: [{matchers: ['a=~"b|c"', '"d e"!="\""'], mute_time_intervals: [nights], group_by: [x], repeat_interval: 1d}]
        receivers:
        - name: r
          slack_configs: [{channel: '#c', fields: [{title: t, value: v, short: true}], actions: [{type: button, text: t, url: u}]}]
          webhook_configs: [{url: 'https://w.example/{{ .x }}', payload: {a: [1, {b: "{{ .y }}"}], c: {}}}]
          pagerduty_configs: [{routing_key: k, links: [{href: h, text: t}]}]
          email_configs: [{to: t@t, headers: {subject: "S: {{ .z }}"}}]
        time_intervals: [{name: nights, time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}], location: Europe/Paris}]}]
        inhibit_rules: [{source_match: {s: c}, target_match_re: {s: w|i}, equal: [alertname]}]
        """, static (text, problems) => AlertmanagerConfigLoader.Load("am.yml", text, problems)?.EffectiveYaml);

    static void Check(string text, Func<string, ConfigProblems, string?> load)
    {
        var problems = new ConfigProblems();
        string? once = load(text, problems);
        Assert.True(once is not null, problems.ToString());
        string? twice = load(once, problems);
        Assert.True(twice is not null, $"{problems}\n{once}");
        Assert.Equal(once, twice);
    }
}
