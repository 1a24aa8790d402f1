using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>
/// Every request of http-requests.json to Vigie and to a real Prometheus 3.5 with the same configuration and samples: status code, headers and
/// body are the same, apart from what the file excuses.
/// </summary>
public class HttpApiTests
{
    const string Page = """
        # TYPE orders counter
        # HELP orders Orders taken, "all" \\ of them.
        orders_total{shop="north"} 17 # {trace_id="aa11"} 1 NOW
        orders_total{shop="south"} 4 # {trace_id="bb22",span_id="9"} 0.5 NOW
        # TYPE queue_bytes gauge
        # UNIT queue_bytes bytes
        # HELP queue_bytes What waits.
        queue_bytes 1234.5
        # TYPE price summary
        # HELP price Prices < 10 & more.
        price{quantile="0.5"} 2
        price_count 3
        price_sum 6.5
        # TYPE "température.max" gauge
        {"température.max","lieu-dit"="Bât. A"} 21.5
        # EOF

        """;

    static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Requests_AreAnsweredAsByPrometheus()
    {
        string prometheus = Peers.RequirePrometheus3();
        var requests = HttpRequests.Load();
        // Samples end a minute ago, so that both servers take them.
        long endMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000 - 60_000;
        var data = new GeneratedData(7, endMs);
        using var page = new PageServer(Page.Replace("NOW", $"{endMs / 1000}.25", StringComparison.Ordinal),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h}\n");
        string[] flags =
        [
            "--web.enable-remote-write-receiver", "--no-web.enable-lifecycle", "--log.level=error",
            "--enable-feature=native-histograms,exemplar-storage,promql-per-step-stats",
        ];
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + configuration.Path + "/prometheus.yml", .. flags]);
        int port = Programs.FreePort();
        await using var peer = ChildProcess.Start(prometheus,
        [
            $"--config.file={configuration.Path}/prometheus.yml", $"--storage.tsdb.path={configuration.Path}/peer", $"--web.listen-address=127.0.0.1:{port}",
            .. flags,
        ], configuration.Path);
        string peerUrl = $"http://127.0.0.1:{port}";
        await Wait.UntilAsync("Prometheus is ready", 60, async () => (await Http.GetAsync(peerUrl + "/-/ready")).IsSuccessStatusCode, () => peer.Output);
        foreach (byte[] request in data.Requests())
        {
            await Peers.WriteAsync(vigie.Prometheus, request);
            await Peers.WriteAsync(peerUrl, request);
        }
        // Only now, for newer samples of rules and scrapes would make the written ones too old.
        Configure(configuration, page.Port);
        vigie.Process.Hangup();
        peer.Hangup();
        foreach (string server in new[] { vigie.Prometheus, peerUrl })
        {
            string state = "";
            await Wait.UntilAsync($"{server} has scraped and evaluated everything", 60, async () => (state = await StateAsync(server)) == Settled,
                () => state + "\n" + vigie.Process.Output + peer.Output);
        }

        var differences = new List<string>();
        int same = 0;
        foreach (string request in requests.All)
        {
            string text = request.Replace("{start}", $"{data.StartMs / 1000}", StringComparison.Ordinal)
                .Replace("{end}", $"{endMs / 1000}", StringComparison.Ordinal).Replace("{folder}", configuration.Path, StringComparison.Ordinal);
            var ours = await AskAsync(vigie.Prometheus, text);
            var theirs = await AskAsync(peerUrl, text);
            var found = ours.DifferencesFrom(theirs, requests.IsUnordered(request)).Where(difference => !requests.Excuses(request, difference)).ToList();
            if (found.Count == 0) same++;
            else differences.Add($"{text}\n  {string.Join("\n  ", found.Take(40))}");
        }
        TestContext.Current.SendDiagnosticMessage($"{requests.All.Count} requests, {same} answered the same");
        Assert.True(differences.Count == 0,
            $"{differences.Count} of {requests.All.Count} requests are answered differently:\n" + string.Join('\n', differences));
        Assert.True(requests.Unused.Count == 0, "entries of http-requests.json that excuse nothing any more:\n" + string.Join('\n', requests.Unused));
    }

    /// <summary>Tokens are each server's own.</summary>
    static async Task<HttpAnswer> AskAsync(string server, string line)
    {
        if (line.Contains("{token}", StringComparison.Ordinal))
        {
            var first = JsonNode.Parse(await Http.GetStringAsync(server + "/api/v1/rules?group_limit=1"))!;
            line = line.Replace("{token}", first["data"]!["groupNextToken"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        return await HttpAnswer.AskAsync(Http, server, line);
    }

    static void Configure(ConfigurationFolder configuration, int pagePort) => configuration
        .With("rules/a.yml", """
            groups:
              - name: totals
                interval: 1s
                rules:
                  - record: job:temperature:sum
                    expr: sum by (job) (temperature)
                    labels: {team: "a&b"}
                  - record: job:plain
                    expr: vector(1) > 0
                  - alert: Always
                    expr: vector(12.5) > 1
                    labels: {severity: page}
                    annotations: {summary: 'It is {{ $value }} <now>'}
              - name: limited
                interval: 1s
                limit: 1
                rules:
                  - record: too:many
                    expr: requests_total
            """)
        .With("rules/b.yml", """
            groups:
              - name: totals
                interval: 1s
                rules:
                  - alert: Later
                    expr: vector(0.000001)
                    for: 1h
                    keep_firing_for: 90s
                  - alert: Never
                    expr: vector(1) < 0
                    labels: {severity: ticket}
              - name: broken
                interval: 1s
                rules:
                  - record: broken
                    expr: cpu_seconds_total * on (job) cpu_seconds_total
              - name: empty
                interval: 1s
                rules: []
            """)
        .With("prometheus.yml", $$"""
            global:
              scrape_interval: 1h
              evaluation_interval: 1m
              external_labels: {zone: west}
            rule_files: ['rules/*.yml']
            scrape_configs:
              - job_name: shop
                scrape_interval: 1s
                scrape_timeout: 1s
                static_configs: [ { targets: ['127.0.0.1:{{pagePort}}'], labels: { city: Lyon } } ]
                relabel_configs: [{target_label: instance, replacement: shop-1}]
            """);

    /// <summary>The page is scraped, every rule is evaluated, and the alerts have their series.</summary>
    const string Settled = "4 families, 7 rules, 7 series of rules";

    static async Task<string> StateAsync(string server)
    {
        var families = await DataAsync("targets/metadata");
        var rules = (await DataAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray());
        var series = await DataAsync("series?match[]=ALERTS&match[]=job:plain&match[]=job:temperature:sum&match[]=up");
        int evaluated = rules.Count(rule => rule!["health"]!.GetValue<string>() != "unknown");
        return $"{families.AsArray().Count} families, {evaluated} rules, {series.AsArray().Count} series of rules";

        async Task<JsonNode> DataAsync(string path) => JsonNode.Parse(await Http.GetStringAsync($"{server}/api/v1/{path}"))!["data"]!;
    }
}
