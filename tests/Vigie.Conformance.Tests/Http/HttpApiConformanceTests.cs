using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.Protocols.Exposition;
using Vigie.Server.Hosting;
using Vigie.Server.Http;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Http;

/// <summary>The HTTP API against answers recorded from a real server that held the same data.</summary>
public class HttpApiConformanceTests
{
    /// <summary>Where the recorded server (3.5.3) and the newer sources that the other vectors follow disagree, or a part is not built.</summary>
    static readonly (string Path, string Parameter, string Reason)[] Deviations =
    [
        ("/api/v1/status/config", "", "newer releases print more settings; config/prometheus has their form"),
        ("/api/v1/query", "demo_num_cpus + on(job) demo_num_cpus", "newer releases name the earlier of two duplicate series first"),
        ("/api/v1/read", "", "remote read is not served"),
    ];

    [Fact]
    public void Times() => VectorFile.Check("http/api_time.json", test =>
    {
        bool ok = TimeParameter.TryParse(test["in"]!.GetValue<string>(), out long timestampMs);
        if (ok != test["ok"]!.GetValue<bool>()) return ok ? "accepted" : "refused";
        return !ok || timestampMs == test["unixMs"]!.GetValue<long>() ? null : $"{timestampMs}, expected {test["unixMs"]}";
    });

    [Fact]
    public void Durations() => VectorFile.Check("http/api_duration.json", test =>
    {
        bool ok = RequestParameters.TryParseDuration(test["in"]!.GetValue<string>(), out long milliseconds);
        if (ok != test["ok"]!.GetValue<bool>()) return ok ? "accepted" : "refused";
        return !ok || milliseconds == test["ms"]!.GetValue<long>() ? null : $"{milliseconds}, expected {test["ms"]}";
    });

    [Fact]
    public async Task Requests()
    {
        if (!ConformanceData.IsPresent) return;
        string folder = Directory.CreateTempSubdirectory("vigie-http-").FullName;
        int port = FreePort();
        string file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, "global:\n  scrape_interval: 15s\n  external_labels:\n    region: eu\n", TestContext.Current.CancellationToken);
        var options = new ServeOptions
        {
            ConfigFile = file,
            StoragePath = Path.Combine(folder, "data"),
            RetentionTimeMs = 0,
            EnableLifecycle = false,
            ListenAddresses = new Dictionary<Surface, IReadOnlyList<string>>
            {
                [Surface.Prometheus] = [$"127.0.0.1:{port}"],
                [Surface.Alertmanager] = ["off"],
                [Surface.Web] = ["off"],
                [Surface.Node] = ["off"],
                [Surface.Otlp] = ["off"],
            },
        };
        var files = new DiskConfigFiles();
        await using (var server = await VigieServer.StartAsync(options, RunningConfiguration.Load(options, ParserOptions.Default, files), files,
            TimeProvider.System, NullLoggerFactory.Instance, () => { }, TestContext.Current.CancellationToken))
        {
            Fill(server.Store);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            VectorFile.Check("http/api.json", test => CheckAsync(http, test).GetAwaiter().GetResult());
        }
        Directory.Delete(folder, recursive: true);
    }

    static void Fill(ISampleSink store)
    {
        var reader = new ExpositionReader(File.ReadAllBytes(ConformanceData.PathOf("http", "demo.om.txt")), ExpositionFormat.OpenMetrics);
        var pairs = new List<Label>();
        var batch = new SampleBatch();
        while (reader.Read() is var entry && entry != ExpositionEntry.End)
        {
            if (entry != ExpositionEntry.Sample) continue;
            pairs.Clear();
            reader.ReadLabels(pairs);
            var labels = new LabelsBuilder();
            foreach (var pair in pairs) labels.Set(pair.Name, pair.Value);
            batch.Add(store.Resolve(labels.Build()), reader.TimestampMs, reader.Value);
        }
        Assert.Equal(batch.Count, store.Append(batch).Stored);
    }

    static async Task<string?> CheckAsync(HttpClient http, JsonNode test)
    {
        string parameters = string.Join('&', test["params"]!.AsArray().Select(pair =>
            $"{Uri.EscapeDataString(pair![0]!.GetValue<string>())}={Uri.EscapeDataString(pair[1]!.GetValue<string>())}"));
        if (Deviations.Any(entry => entry.Path == test["path"]!.GetValue<string>() && parameters.Contains(Uri.EscapeDataString(entry.Parameter)))) return null;
        bool isPost = test["method"]!.GetValue<string>() == "POST";
        using var request = new HttpRequestMessage(new HttpMethod(test["method"]!.GetValue<string>()),
            test["path"]!.GetValue<string>() + (isPost || parameters.Length == 0 ? "" : "?" + parameters));
        if (isPost) request.Content = new StringContent(parameters, null, "application/x-www-form-urlencoded");
        if (test["headers"] is JsonObject headers)
            foreach (var (name, value) in headers) request.Headers.Add(name, value!.GetValue<string>());
        using var answer = await http.SendAsync(request);
        string body = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != test["status"]!.GetValue<int>()) return $"status {(int)answer.StatusCode}, expected {test["status"]}: {body}";
        if (test["body"] is JsonValue text) return body == text.GetValue<string>() ? null : $"body {body}, expected {text}";
        var actual = JsonNode.Parse(body);
        // Newer releases add fields to the syntax tree (promql/parser/ast.json has them all).
        bool same = test["path"]!.GetValue<string>() == "/api/v1/parse_query"
            ? HasAllOf(actual, test["body"])
            : JsonNode.DeepEquals(actual, test["body"]);
        return same ? null : $"body {Shorten(body)}, expected {Shorten(test["body"]!.ToJsonString())}";
    }

    static bool HasAllOf(JsonNode? actual, JsonNode? expected) => (actual, expected) switch
    {
        (JsonObject a, JsonObject e) => e.All(field => a.TryGetPropertyValue(field.Key, out var value) && HasAllOf(value, field.Value)),
        (JsonArray a, JsonArray e) => a.Count == e.Count && a.Zip(e).All(pair => HasAllOf(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(actual, expected),
    };

    static string Shorten(string text) => text.Length <= 600 ? text : text[..600] + "…";

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
