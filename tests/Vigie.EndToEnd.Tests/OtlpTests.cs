using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Metrics of the OpenTelemetry SDK, as applications send them.</summary>
public class OtlpTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Sdk_CumulativeToTheOtlpPort_CanBeQueried()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "otlp: {promote_resource_attributes: [deployment.environment.name]}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        Record(server.Otlp + "/v1/metrics", MetricReaderTemporalityPreference.Cumulative, flushes: 2);
        Assert.Equal("30", Assert.Single(await server.QueryAsync("orders_total{job='shop/backend', deployment_environment_name='test', kind='a'}")).Value);
        Assert.Equal("4", Assert.Single(await server.QueryAsync("request_duration_seconds_count")).Value);
        Assert.Equal("2", Assert.Single(await server.QueryAsync("request_duration_seconds_bucket{le='0.1'}")).Value);
        Assert.Equal("4", Assert.Single(await server.QueryAsync("histogram_count(payload_bytes)")).Value);
        Assert.Equal("0.5", Assert.Single(await server.QueryAsync("pool_usage_ratio")).Value);
        Assert.Single(await server.QueryAsync("target_info{job='shop/backend', host_name='h1'}"));
    }

    [Fact]
    public async Task Sdk_DeltasToThePrometheusPort_AreAddedUp()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.enable-otlp-receiver", "--enable-feature=otlp-deltatocumulative"]);
        Record(server.Prometheus + "/api/v1/otlp/v1/metrics", MetricReaderTemporalityPreference.Delta, flushes: 2);
        Assert.Equal("30", Assert.Single(await server.QueryAsync("orders_total{kind='a'}")).Value);
        Assert.Equal("4", Assert.Single(await server.QueryAsync("request_duration_seconds_count")).Value);
        Assert.Equal("4", Assert.Single(await server.QueryAsync("histogram_count(payload_bytes)")).Value);
    }

    [Fact]
    public async Task Requests_AnswersAreThoseOfTheSpecification()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        string otlp = server.Otlp + "/v1/metrics";
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string Request(string extra) => $$$$"""
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"g","gauge":{"dataPoints":[{"asInt":"1","timeUnixNano":"{{{{now}}}}000000000"{{{{extra}}}}}]}}]}]}]}
            """;
        Assert.Equal((200, "{}"), await PostAsync(otlp, Request(""), gzip: true));
        var (status, partial) = await PostAsync(otlp, Request(""","attributes":[{"key":"","value":{"stringValue":"x"}}]"""));
        Assert.Equal(200, status);
        var success = JsonNode.Parse(partial)!["partialSuccess"]!;
        Assert.Equal(("1", "label name is empty"), ((string)success["rejectedDataPoints"]!, (string)success["errorMessage"]!));
        Assert.Equal((400, 3), await FailAsync(otlp, "{", "application/json"));
        Assert.Equal((415, 3), await FailAsync(otlp, "{}", "application/json", "zstd"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Http.GetAsync(otlp, TestContext.Current.CancellationToken)).StatusCode);
        var (disabled, reason) = await PostAsync(server.Prometheus + "/api/v1/otlp/v1/metrics", "{}");
        Assert.Equal((404, "404 page not found\n"), (disabled, reason));
        Assert.Equal("1", Assert.Single(await server.QueryAsync("g")).Value);
    }

    static void Record(string endpoint, MetricReaderTemporalityPreference temporality, int flushes)
    {
        using var meter = new Meter("test." + temporality);
        var orders = meter.CreateCounter<long>("orders", "{order}", "Orders.");
        var durations = meter.CreateHistogram<double>("request.duration", "s");
        var payloads = meter.CreateHistogram<double>("payload", "By");
        meter.CreateObservableGauge("pool.usage", () => 0.5, "1");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.Clear().AddAttributes(
            [
                new("service.name", "backend"), new("service.namespace", "shop"), new("service.instance.id", "one"),
                new("host.name", "h1"), new("deployment.environment.name", "test"),
            ]))
            .AddMeter(meter.Name)
            .AddView("request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.1, 1] })
            .AddView("payload", new Base2ExponentialBucketHistogramConfiguration())
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = new Uri(endpoint);
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.TemporalityPreference = temporality;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 3_600_000;
            })
            .Build();
        for (int i = 0; i < flushes; i++)
        {
            orders.Add(10 + i * 10, new KeyValuePair<string, object?>("kind", "a"));
            durations.Record(0.05);
            durations.Record(2);
            payloads.Record(100);
            payloads.Record(3000);
            Assert.True(provider.ForceFlush(10_000), $"the exporter could not send to {endpoint}");
        }
    }

    static async Task<(int Status, string Body)> PostAsync(string url, string json, bool gzip = false)
    {
        using var response = await SendAsync(url, json, "application/json", gzip ? "gzip" : null);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>HTTP status, and the code of google.rpc.Status.</summary>
    static async Task<(int Status, int Code)> FailAsync(string url, string body, string type, string? encoding = null)
    {
        using var response = await SendAsync(url, body, type, encoding);
        return ((int)response.StatusCode, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]!);
    }

    static async Task<HttpResponseMessage> SendAsync(string url, string body, string type, string? encoding)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        if (encoding == "gzip")
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
            bytes = packed.ToArray();
        }
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return await Http.PostAsync(url, content);
    }
}
