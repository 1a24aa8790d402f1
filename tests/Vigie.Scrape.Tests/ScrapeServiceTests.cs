using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Scrape.Tests;

public sealed class ScrapeServiceTests : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly ManualTimeProvider _clock = new();
    readonly MemorySampleSink _sink = new();
    readonly ConcurrentQueue<HttpListenerRequest> _requests = new();
    readonly LocalHttpServer _server;
    readonly ScrapeService _service;
    Func<HttpListenerContext, Task> _answer;

    public ScrapeServiceTests()
    {
        _answer = Page("a 1\n");
        _server = new LocalHttpServer(context =>
        {
            _requests.Enqueue(context.Request);
            return _answer(context);
        });
        _service = new ScrapeService(_sink, _clock, NullLoggerFactory.Instance, new ScrapeOptions { UserAgent = "test" });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _server.Dispose();
    }

    static Func<HttpListenerContext, Task> Page(string text, int status = 200, string contentType = "text/plain", bool gzip = false) =>
        async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (gzip)
        {
            context.Response.AddHeader("Content-Encoding", "gzip");
            using var zipped = new MemoryStream();
            using (var stream = new GZipStream(zipped, CompressionLevel.Fastest)) stream.Write(bytes);
            bytes = zipped.ToArray();
        }
        await context.Response.OutputStream.WriteAsync(bytes);
    };

    ScrapeConfig Job(string name = "j", params string[] targets) => new()
    {
        JobName = name, ScrapeInterval = Interval, ScrapeTimeout = TimeSpan.FromSeconds(5),
        Discoveries =
        [
            new StaticDiscoveryConfig { Groups = [new TargetGroup(targets.Length > 0 ? targets : [_server.Address], Labels.Empty)] },
        ],
    };

    void Apply(params ScrapeConfig[] jobs) => _service.Apply(new PrometheusConfig { ScrapeConfigs = jobs });

    Labels Series(string name, string job = "j") => Labels.Of(("__name__", name), ("job", job), ("instance", _server.Address));

    static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Lets one interval pass and waits until every target has been scraped in it.</summary>
    async Task Turn()
    {
        var before = Targets().ToDictionary(target => target.ScrapeUrl + target.ScrapePool, target => target.LastScrape);
        for (int second = 0; second < Interval.TotalSeconds; second++)
        {
            await AtRest(before.Count);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        await Until(() => Targets().All(target => target.LastScrape != before.GetValueOrDefault(target.ScrapeUrl + target.ScrapePool)));
    }

    /// <summary>Waits until every loop waits for its next turn: a request under way has a second timer, that of its timeout.</summary>
    Task AtRest(int loops) => Until(() => _clock.PendingTimers == loops);

    List<TargetSnapshot> Targets() => [.. _service.Snapshot().SelectMany(pool => pool.Active)];

    [Fact]
    public async Task Apply_ScrapesOnEveryInterval()
    {
        Apply(Job());
        Assert.Equal(TargetHealth.Unknown, Assert.Single(Targets()).Health);
        await Turn();
        await Turn();
        await Turn();
        Assert.Equal([1.0, 1.0, 1.0], _sink.SamplesOf(Series("up")).Select(sample => sample.Value));
        var times = _sink.SamplesOf(Series("a")).Select(sample => sample.TimestampMs).ToList();
        Assert.Equal([10_000L, 10_000L], times.Zip(times.Skip(1), (first, second) => second - first));
        Assert.Equal([1.0, 0.0, 0.0], _sink.SamplesOf(Series("scrape_series_added")).Select(sample => sample.Value));
        Assert.True(_requests.TryDequeue(out var request));
        Assert.Equal("/metrics", request.RawUrl);
        Assert.Equal("5", request.Headers["X-Prometheus-Scrape-Timeout-Seconds"]);
        Assert.Equal("test", request.UserAgent);
    }

    [Fact]
    public async Task Scrape_Gzip_IsUnpacked()
    {
        _answer = Page("a 7\n", gzip: true);
        Apply(Job());
        await Turn();
        Assert.Equal(7, _sink.Latest()[Series("a")]);
    }

    [Fact]
    public async Task Scrape_Redirected_IsFollowed()
    {
        var page = Page("a 7\n");
        _answer = context =>
        {
            if (context.Request.RawUrl != "/metrics") return page(context);
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Apply(Job());
        await Turn();
        await Turn();
        Assert.Equal([7.0, 7.0], _sink.SamplesOf(Series("a")).Select(sample => sample.Value));
        Assert.Contains(_requests, request => request.RawUrl == "/elsewhere");
    }

    [Fact]
    public async Task Scrape_Redirected_NotFollowedUnlessAsked()
    {
        _answer = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        Apply(Job() with { Http = new HttpClientConfig { FollowRedirects = false } });
        await Turn();
        Assert.Equal("server returned HTTP status 302 Found", Assert.Single(Targets()).LastError);
    }

    [Fact]
    public async Task Scrape_GzipIsCut_Fails()
    {
        _answer = async context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.AddHeader("Content-Encoding", "gzip");
            using var zipped = new MemoryStream();
            using (var stream = new GZipStream(zipped, CompressionLevel.Fastest)) stream.Write(Encoding.UTF8.GetBytes("a 1\nb 2\n"));
            await context.Response.OutputStream.WriteAsync(zipped.ToArray().AsMemory()[..^6]);
        };
        Apply(Job());
        await Turn();
        Assert.Equal("unexpected EOF", Assert.Single(Targets()).LastError);
        Assert.DoesNotContain(Series("a"), _sink.Latest());
    }

    [Theory]
    [InlineData(500, "", "server returned HTTP status 500 Internal Server Error")]
    [InlineData(200, "a{ 1\n", "expected label name, got \"1\" (\"INVALID\") while parsing: \"a{ 1\"")]
    [InlineData(200, "a 1\na_very_long_page_that_is_over_the_limit_of_the_job 1\n", "body size limit exceeded")]
    public async Task Scrape_Fails_TargetIsDownAndItsSeriesEnd(int status, string page, string error)
    {
        Apply(Job() with { Limits = new ScrapeLimits { BodyBytesMax = 20 } });
        await Turn();
        Assert.Contains(Series("a"), _sink.Latest());
        _answer = Page(page, status);
        await Turn();
        var target = Assert.Single(Targets());
        Assert.Equal((TargetHealth.Down, error), (target.Health, target.LastError));
        Assert.DoesNotContain(Series("a"), _sink.Latest());
        Assert.Equal(0, _sink.Latest()[Series("up")]);
    }

    [Fact]
    public async Task Scrape_NobodyListens_SaysConnectionRefused()
    {
        string address = _server.Address;
        Apply(Job());
        _server.Dispose();
        await Turn();
        string expected = $"Get \"http://{address}/metrics\": dial tcp {address}: connect: connection refused";
        Assert.Equal(expected, Assert.Single(Targets()).LastError);
    }

    [Fact]
    public async Task Scrape_TargetHangs_EndsAtTheTimeout()
    {
        _answer = _ => Task.Delay(Timeout.Infinite);
        Apply(Job());
        await Until(() => _clock.PendingTimers > 0);
        while (_requests.IsEmpty)
        {
            if (_clock.PendingTimers == 1) _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Until(() => Targets()[0].Health == TargetHealth.Down);
        Assert.Equal($"Get \"http://{_server.Address}/metrics\": context deadline exceeded", Targets()[0].LastError);
    }

    [Fact]
    public async Task Scrape_OneTargetIsBad_TheOtherIsNot()
    {
        Apply(Job("j", _server.Address, "127.0.0.1:1", "no/host"));
        await Turn();
        Assert.Equal(["down", "up"], Targets().Select(target => target.Health.ToString().ToLowerInvariant()).Order());
        Assert.Contains("is not a valid hostname", Assert.Single(_service.Snapshot()[0].Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_SameTargetAgain_IsScrapedOnWithoutABreak()
    {
        Apply(Job());
        await Turn();
        int resolved = _sink.Resolved;
        Apply(Job());
        await Turn();
        Assert.Equal(resolved, _sink.Resolved);
        Assert.Equal(2, _sink.SamplesOf(Series("a")).Count);
    }

    [Fact]
    public async Task Apply_TargetIsGone_ItsSeriesEndTwoIntervalsLater()
    {
        Apply(Job());
        await Turn();
        Apply(Job("other"));
        for (int second = 0; second < 200 && _sink.Latest().ContainsKey(Series("a")); second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }
        await Until(() => !_sink.Latest().ContainsKey(Series("a")));
        Assert.DoesNotContain(Series("up"), _sink.Latest());
        Assert.Equal(2, _sink.SamplesOf(Series("a")).Count);
    }

    [Fact]
    public async Task StopAsync_LeavesSeriesAsTheyAre()
    {
        Apply(Job());
        await Turn();
        await _service.StopAsync();
        Assert.Contains(Series("a"), _sink.Latest());
    }

    [Fact]
    public async Task Scrape_StoreDroppedTheSeries_ResolvesThemAnew()
    {
        Apply(Job());
        await Turn();
        _sink.Forget();
        await Turn();
        Assert.Equal(1, _sink.Latest()[Series("a")]);
        Assert.Equal(1, _sink.Latest()[Series("up")]);
    }

    [Fact]
    public async Task Scrape_StoreUnavailable_SaysSoAndGoesOn()
    {
        Apply(Job());
        _sink.Unavailable = "disk full";
        await Turn();
        Assert.Equal("disk full", Targets()[0].LastError);
        _sink.Unavailable = null;
        await Turn();
        Assert.Equal(TargetHealth.Up, Targets()[0].Health);
    }

    [Fact]
    public async Task Apply_TargetLimit_FailsAllTargetsOfTheJob()
    {
        Apply(Job("j", _server.Address, "127.0.0.1:1") with { Limits = new ScrapeLimits { TargetsMax = 1 } });
        await Turn();
        Assert.All(Targets(), target => Assert.Equal("target_limit exceeded (number of targets: 2, limit: 1)", target.LastError));
        Assert.Empty(_requests);
    }

    [Fact]
    public void Apply_UnknownDiscovery_IsAProblemOfItsPoolOnly()
    {
        var node = new Configuration.Yaml.ConfigNode { Kind = Configuration.Yaml.ConfigNodeKind.Map, Position = default };
        var kubernetes = new OtherDiscoveryConfig("kubernetes") { Node = node, Position = new("p.yml", 7, 5) };
        Apply(Job() with { Discoveries = [kubernetes, .. Job().Discoveries] });
        var pool = Assert.Single(_service.Snapshot());
        Assert.Single(pool.Active);
        Assert.Equal("kubernetes_sd_configs at p.yml:7:5", Assert.Single(pool.Problems).Source);
    }
}
