using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vigie.Testing;

namespace Vigie.Instrumentation.Tests;

public sealed class VigieApplicationTests
{
    [Fact]
    public async Task Metrics_Requests_AreCountedByRouteTemplate()
    {
        await using var app = await TestApplication.StartAsync(map: web =>
        {
            web.MapGet("/users/{id}", (string id) => Results.Text("user " + id));
            web.MapPost("echo", async (HttpContext http) => await http.Request.Body.CopyToAsync(http.Response.Body));
            web.MapGet("/fail", (HttpContext _) => throw new InvalidOperationException("no"));
        });
        await app.Client.GetAsync("/users/1");
        await app.Client.GetAsync("/users/2");
        await app.Client.GetAsync("/nothing");
        await app.Client.GetAsync("/nothing/else");
        await app.Client.GetAsync("/fail");
        await app.Client.PostAsync("/echo", new ByteArrayContent(new byte[150]));
        await app.Client.SendAsync(new HttpRequestMessage(new HttpMethod("BREW"), "/users/1"));
        var page = await app.PageAsync();
        foreach (var expected in new[]
        {
            """http_requests_total{endpoint="/users/{id}",method="GET",status="200"} 2""",
            """http_requests_total{endpoint="unmatched",method="GET",status="404"} 2""",
            """http_requests_total{endpoint="/fail",method="GET",status="500"} 1""",
            """http_requests_total{endpoint="/echo",method="POST",status="200"} 1""",
            """http_requests_total{endpoint="unmatched",method="OTHER",status="405"} 1""",
            """http_request_duration_seconds_count{endpoint="/users/{id}",method="GET"} 2""",
            """http_request_duration_seconds_bucket{endpoint="/users/{id}",method="GET",le="10"} 2""",
            """http_request_size_bytes_sum{endpoint="/echo",method="POST"} 150""",
            """http_response_size_bytes_sum{endpoint="/echo",method="POST"} 150""",
            """http_response_size_bytes_sum{endpoint="/users/{id}",method="GET"} 12""",
            "http_requests_in_flight 0",
        })
        {
            Assert.Contains(expected + "\n", page);
        }
        Assert.DoesNotContain("/metrics", page);
    }

    [Fact]
    public async Task Metrics_HandledException_KeepsItsRoute()
    {
        await using var app = await TestApplication.StartAsync(map: web =>
        {
            web.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry")));
            web.MapGet("/fail", (HttpContext _) => throw new InvalidOperationException("no"));
        });
        await app.Client.GetAsync("/fail");
        Assert.Contains("http_requests_total{endpoint=\"/fail\",method=\"GET\",status=\"500\"} 1\n", await app.PageAsync());
    }

    [Fact]
    public async Task Metrics_ChunkedRequestBody_IsMeasured()
    {
        await using var app = await TestApplication.StartAsync(map: web =>
            web.MapPost("/length", async (HttpContext http) => (await new StreamReader(http.Request.Body).ReadToEndAsync()).Length));
        var request = new HttpRequestMessage(HttpMethod.Post, "/length") { Content = new StringContent(new string('x', 5000)) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentLength = null;
        await app.Client.SendAsync(request);
        Assert.Contains("http_request_size_bytes_sum{endpoint=\"/length\",method=\"POST\"} 5000\n", await app.PageAsync());
    }

    [Fact]
    public async Task Metrics_WebSocket_IsCountedWhenAcceptedAndNotTimed()
    {
        await using var app = await TestApplication.StartAsync(map: web =>
        {
            web.UseWebSockets();
            web.Map("/ws", async (HttpContext http) =>
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                await socket.ReceiveAsync(new byte[16], http.RequestAborted);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
            });
        });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(app.WebSocketUri("/ws"), TestContext.Current.CancellationToken);
        var page = await app.PageAsync();
        Assert.Contains("http_requests_total{endpoint=\"/ws\",method=\"GET\",status=\"101\"} 1\n", page);
        Assert.Contains("http_requests_in_flight 0\n", page);
        await client.SendAsync("bye"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http_request_duration_seconds_count", await app.PageAsync());
    }

    [Theory]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0", "application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    public async Task Metrics_Accept_ChoosesFormat(string accept, string contentType, bool hasEof)
    {
        await using var app = await TestApplication.StartAsync();
        app.Client.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await app.Client.GetAsync("/metrics");
        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(hasEof, page.EndsWith("# EOF\n"));
    }

    [Fact]
    public async Task Exporter_WritesToAResponsePipe()
    {
        await using var app = await TestApplication.StartAsync(map: web => web.MapGet("/pipe", async (HttpContext http, MetricsExporter exporter) =>
        {
            await http.Response.StartAsync();
            exporter.Write(http.Response.BodyWriter, ExpositionFormat.OpenMetrics);
            await http.Response.BodyWriter.FlushAsync();
        }));
        Assert.EndsWith("# EOF\n", await app.Client.GetStringAsync("/pipe"));
    }

    [Fact]
    public async Task Metrics_Gzip_IsTheSamePage()
    {
        await using var app = await TestApplication.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });
        client.BaseAddress = app.Client.BaseAddress;
        Assert.Contains("process_start_time_seconds ", await client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Metrics_Process_AreThere()
    {
        await using var app = await TestApplication.StartAsync(options => options.GoRuntimeNames = true);
        var page = await app.PageAsync();
        foreach (var name in new[]
        {
            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds",
            "process_max_fds", "process_start_time_seconds", "process_num_threads", "dotnet_collection_count_total",
            "dotnet_total_memory_bytes", "dotnet_threadpool_threads", "go_goroutines", "go_threads", "go_gc_duration_seconds",
        })
        {
            var line = page.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ") || line.StartsWith(name + "{"));
            Assert.True(line is not null, name + " is missing");
            if (name.StartsWith("process_")) Assert.True(double.Parse(line.Split(' ')[^1]) > 0, line);
        }
    }

    [Fact]
    public async Task Metrics_TwoApplicationsInOneProcess_SeeTheirOwnRequests()
    {
        await using var one = await TestApplication.StartAsync(map: web => web.MapGet("/one", () => 1));
        await using var two = await TestApplication.StartAsync(map: web => web.MapGet("/two", () => 2));
        await one.Client.GetAsync("/one");
        await two.Client.GetAsync("/two");
        Assert.DoesNotContain("/two", await one.PageAsync());
        Assert.DoesNotContain("/one", await two.PageAsync());
    }

    [Fact]
    public async Task Metrics_Page_PassesPromtool()
    {
        string? program = PeerPrograms.OnPath("promtool");
        Assert.SkipWhen(program is null, "promtool is not on PATH");
        await using var app = await TestApplication.StartAsync(map: web => web.MapGet("/users/{id}", (string id) => id));
        await app.Client.GetAsync("/users/1");
        using var promtool = Process.Start(new ProcessStartInfo(program!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(await app.PageAsync());
        promtool.StandardInput.Close();
        var problems = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, problems);
    }

    [Fact]
    public async Task Live_Always_SaysAlive()
    {
        await using var app = await TestApplication.StartAsync();
        using var response = await app.Client.GetAsync("/live");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("alive", json.RootElement.GetProperty("status").GetString());
        var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - json.RootElement.GetProperty("timestamp").GetInt64();
        Assert.InRange(age, 0, 60);
        Assert.Matches("^([0-9]+m)?[0-9.]+(µs|ms|s)$", json.RootElement.GetProperty("uptime").GetString());
    }

    [Fact]
    public async Task Ready_AllChecksPass_Is200()
    {
        await using var app = await TestApplication.StartAsync(options => options.Health
            .AddCheck("database", (_, _) => Task.CompletedTask)
            .AddCheck("redis", (_, _) => Task.CompletedTask));
        using var response = await app.Client.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        const string Checks = """{"database":{"status":"ready"},"memory":{"status":"ready"},"redis":{"status":"ready"},"threads":{"status":"ready"}}""";
        Assert.Equal($$"""{"status":"ready","checks":{{Checks}}}""" + "\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_FailingChecks_Is503WithTheirErrors()
    {
        var runs = 0;
        await using var app = await TestApplication.StartAsync(options =>
        {
            options.Health.Timeout = TimeSpan.FromMilliseconds(50);
            options.Health.HeapBytesMax = 1;
            options.Health.ThreadsMax = null;
            options.Health.AddCheck("database", (_, _) => throw new InvalidOperationException("connection refused"));
            options.Health.AddCheck("redis", (_, _) =>
            {
                Interlocked.Increment(ref runs);
                return new TaskCompletionSource().Task; // ignores its cancellation
            });
        });
        using var response = await app.Client.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(body);
        Assert.Equal("unready", json.RootElement.GetProperty("status").GetString());
        var checks = json.RootElement.GetProperty("checks");
        Assert.Equal("connection refused", checks.GetProperty("database").GetProperty("error").GetString());
        Assert.Equal("timed out after 50ms", checks.GetProperty("redis").GetProperty("error").GetString());
        Assert.Matches("^high memory usage: [0-9]+ MB$", checks.GetProperty("memory").GetProperty("error").GetString());
        await app.Client.GetAsync("/ready");
        Assert.Equal(1, runs); // the run that hangs is waited for, not repeated
    }

    [Fact]
    public async Task Pages_OtherMethods_AreNotAllowed()
    {
        await using var app = await TestApplication.StartAsync();
        using var response = await app.Client.PostAsync("/metrics", new StringContent("", Encoding.UTF8));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public void UseVigie_WithoutAddVigie_SaysWhatToDo()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        var e = Assert.Throws<InvalidOperationException>(() => app.UseVigie());
        Assert.Contains("builder.AddVigie()", e.Message);
    }
}
