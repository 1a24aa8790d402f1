using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vigie.Instrumentation;
using Vigie.Server.Http;

namespace Vigie.Server.Tests.Http;

/// <summary>On a real port: what is counted is what goes over the wire.</summary>
public sealed class HttpMetricsTests : IAsyncLifetime
{
    readonly MetricsExporter _exporter = new(new MetricsExporterOptions { IncludeMeter = static meter => meter.Name == "Vigie.Server.Http" });
    readonly HttpMetrics _metrics = new();
    readonly HttpClient _client = new();
    WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddResponseCompression(ZstdResponses.Configure);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        Configure(_app);
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.First());
    }

    void Configure(IApplicationBuilder app)
    {
        _metrics.MeasureBodies(app);
        app.UseResponseCompression();
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapGet("/other", static http => http.Response.WriteAsync("not measured"));
            var measured = routes.MapGroup("/prefix");
            _metrics.Measure(measured, "/prefix");
            measured.MapGet("/label/{name}/values", static http =>
            {
                http.Response.ContentType = "text/plain";
                return http.Response.WriteAsync(new string('x', int.Parse(http.Request.Query["length"].ToString())));
            });
            measured.MapGet("/fails", static Task (_) => throw new InvalidOperationException());
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _metrics.Dispose();
        _exporter.Dispose();
    }

    [Fact]
    public async Task Sizes_ArePerHandlerInUpstreamsBuckets()
    {
        await _client.GetStringAsync("/prefix/label/a/values?length=100");
        await _client.GetStringAsync("/prefix/label/b/values?length=101");
        await _client.GetStringAsync("/other");
        await StopAsync();
        Check("""
            # HELP prometheus_http_response_size_bytes Histogram of response size for HTTP requests.
            # TYPE prometheus_http_response_size_bytes histogram
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="100"} 1
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="1000"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="10000"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="100000"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="1e+06"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="1e+07"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="1e+08"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="1e+09"} 2
            prometheus_http_response_size_bytes_bucket{handler="/label/:name/values",le="+Inf"} 2
            prometheus_http_response_size_bytes_sum{handler="/label/:name/values"} 201
            prometheus_http_response_size_bytes_count{handler="/label/:name/values"} 2
            """, "prometheus_http_response_size_bytes");
    }

    [Fact]
    public async Task Sizes_OfACompressedAnswer_AreThoseSent()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/prefix/label/a/values?length=100000");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await _client.SendAsync(request);
        int sent = (await answer.Content.ReadAsByteArrayAsync()).Length;
        Assert.InRange(sent, 1, 10_000);
        await StopAsync();
        Check($$"""prometheus_http_response_size_bytes_sum{handler="/label/:name/values"} {{sent}}""", "prometheus_http_response_size_bytes_sum");
    }

    [Fact]
    public async Task Requests_AreListedBeforeTheFirst()
    {
        await _client.GetStringAsync("/other");
        await StopAsync();
        Check("""
            prometheus_http_requests_total{code="200",handler="/fails"} 0
            prometheus_http_requests_total{code="200",handler="/label/:name/values"} 0
            """, "prometheus_http_requests_total");
    }

    [Fact]
    public async Task Sizes_OfAHandlerThatFails_AreCountedToo()
    {
        using var answer = await _client.GetAsync("/prefix/fails");
        await StopAsync();
        Check("""prometheus_http_response_size_bytes_count{handler="/fails"} 1""", "prometheus_http_response_size_bytes_count");
    }

    /// <summary>Answers are recorded after their last byte; when the server has stopped, all are.</summary>
    Task StopAsync() => _app.StopAsync();

    /// <summary>The lines of the page that are about a metric.</summary>
    void Check(string expected, string metric)
    {
        var page = new ArrayBufferWriter<byte>();
        _exporter.Write(page, ExpositionFormat.Text);
        var lines = Encoding.UTF8.GetString(page.WrittenSpan).Split('\n').Where(line => line.Contains(metric, StringComparison.Ordinal));
        Assert.Equal(expected.Split('\n'), expected.StartsWith('#') ? lines : lines.Where(static line => line[0] != '#').Order(StringComparer.Ordinal));
    }
}
