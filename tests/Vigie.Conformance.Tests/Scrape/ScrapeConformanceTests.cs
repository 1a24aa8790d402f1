using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Scrape;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Scrape;

/// <summary>scrape/*.json: one target each, what is asked of it, and what becomes of its answers after some scrapes.</summary>
public sealed partial class ScrapeConformanceTests
{
    const string Job = "j32", Path = "/s";
    const int Scrapes = 4;

    [Fact]
    public void Scenarios() => VectorFile.Check("scrape/scenarios.json", test => RunScenario(test).GetAwaiter().GetResult());

    [Fact]
    public void Requests() => VectorFile.Check("scrape/requests.json", test => RunRequest(test).GetAwaiter().GetResult());

    static async Task<string?> RunScenario(JsonNode test)
    {
        await using var run = new Run(test);
        for (int i = 0; i < Scrapes; i++) await run.Turn();
        var target = run.Service.Snapshot()[0].Active[0];

        string health = target.Health.ToString().ToLowerInvariant();
        if (health != test["health"]!.ToString()) return $"health {health} ({target.LastError}), expected {test["health"]}";
        string error = run.Named(test["lastError"]!.ToString());
        if (target.LastError != error) return $"error {target.LastError}, expected {error}";
        var labels = run.LabelsOf(test["targetLabels"]!);
        if (target.Labels != labels) return $"target {target.Labels}, expected {labels}";

        var found = run.Sink.Latest().Where(pair => pair.Key.MetricName != "scrape_duration_seconds")
            .Select(pair => $"{pair.Key} {pair.Value:R}").Order(StringComparer.Ordinal);
        var expected = test["series"]!.AsArray().Select(series =>
        {
            SampleNumber.Parse(Encoding.UTF8.GetBytes(series!["value"]!.ToString()), out double value);
            return $"{run.LabelsOf(series["labels"]!)} {value:R}";
        }).Order(StringComparer.Ordinal);
        return string.Join('\n', found) == string.Join('\n', expected) ? null
            : $"found\n{string.Join('\n', found)}\nexpected\n{string.Join('\n', expected)}";
    }

    static async Task<string?> RunRequest(JsonNode test)
    {
        await using var run = new Run(test);
        await run.Turn();
        if (!run.Requests.TryDequeue(out var request)) return "no request";
        string expectedPath = test["request"]!["path"]!.ToString();
        if (request.RawUrl != expectedPath) return $"path {request.RawUrl}, expected {expectedPath}";
        foreach (var (name, value) in test["request"]!["headers"]!.AsObject())
        {
            // The software that asks is another one.
            if (name != "User-Agent" && request.Headers[name] != value!.ToString())
                return $"{name}: {request.Headers[name]}, expected {value}";
        }
        return null;
    }

    /// <summary>One target under scrape on a clock of its own.</summary>
    sealed partial class Run : IAsyncDisposable
    {
        readonly ManualTimeProvider _clock = new();
        readonly LocalHttpServer _server;
        readonly JsonNode _test;

        public Run(JsonNode test)
        {
            _test = test;
            _server = new LocalHttpServer(Answer);
            Service = new ScrapeService(Sink, _clock, NullLoggerFactory.Instance, new ScrapeOptions
            {
                CreateHandler = http => HttpHandlers.Create(http, new NoFiles()),
            });
            var problems = new ConfigProblems();
            var config = PrometheusConfigLoader.Load("prometheus.yml", ConfigText(), new NoFiles(), problems);
            Service.Apply(config ?? throw new FormatException(problems.ToString()));
        }

        public MemorySampleSink Sink { get; } = new();
        public ScrapeService Service { get; }
        public ConcurrentQueue<HttpListenerRequest> Requests { get; } = new();

        string ConfigText()
        {
            var job = new JsonObject
            {
                ["job_name"] = Job, ["scrape_interval"] = "1s", ["scrape_timeout"] = "1s", ["metrics_path"] = Path,
                ["static_configs"] = new JsonArray(new JsonObject
                {
                    ["targets"] = new JsonArray(_server.Address), ["labels"] = _test["labels"]?.DeepClone() ?? new JsonObject(),
                }),
            };
            foreach (var (key, value) in _test["config"]!.AsObject()) job[key] = value?.DeepClone();
            return new JsonObject { ["scrape_configs"] = new JsonArray(job) }.ToJsonString()
                .Replace("${path}", Path, StringComparison.Ordinal);
        }

        public string Named(string text) => text.Replace("TARGET", _server.Address, StringComparison.Ordinal)
            .Replace("JOB", Job, StringComparison.Ordinal)
            .Replace("PATH", Path, StringComparison.Ordinal);

        public Labels LabelsOf(JsonNode labels) =>
            Labels.From(labels.AsObject().Select(label => KeyValuePair.Create(label.Key, Named(label.Value!.ToString()))));

        /// <summary>One more scrape.</summary>
        public async Task Turn()
        {
            var before = Service.Snapshot()[0].Active[0].LastScrape;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while (Service.Snapshot()[0].Active[0].LastScrape == before)
            {
                // A request under way has a second timer, that of its timeout.
                if (_clock.PendingTimers == 1) _clock.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Delay(1, patience.Token);
            }
        }

        async Task Answer(HttpListenerContext context)
        {
            Requests.Enqueue(context.Request);
            var test = _test.AsObject();
            string? body = test.ContainsKey("bodyFromThirdScrape") && Requests.Count > 2 ? test["bodyFromThirdScrape"]?.ToString()
                : test["body"]?.ToString() ?? "";
            context.Response.StatusCode = body is null ? 503 : (int?)test["httpStatus"] ?? 200;
            string contentType = test["contentType"]?.ToString() ?? "text/plain";
            if (contentType.Length > 0) context.Response.ContentType = contentType;
            if (context.Response.StatusCode == 204) return;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Now().Replace(body ?? "", match =>
            {
                long offset = match.Groups[2].Success ? long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : 0;
                return (_clock.NowMs + (match.Groups[1].Value == "minus" ? -offset : offset)).ToString(CultureInfo.InvariantCulture);
            })));
        }

        [GeneratedRegex(@"%\(nowms(?:_(minus|plus)_(\d+))?\)s")]
        private static partial Regex Now();

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            _server.Dispose();
        }
    }

    sealed class NoFiles : IConfigFiles
    {
        public string? ReadText(string path) => null;
        public byte[]? ReadBytes(string path) => null;
        public IReadOnlyList<string> List(string folder) => [];
    }
}
