using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

public sealed class RetentionTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    readonly CrashableFileSystem _disk = new(1);
    MetricStore? _store;

    public void Dispose() => _store?.Dispose();

    [Fact]
    public void Maintain_RuleShorterThanRetention_DropsItsSeriesOnlyAndFreesTheirSpace()
    {
        Open(TimeSpan.FromDays(10), Rule("{job=\"debug\"}", days: 1));
        WriteBlock("debug", "api");
        long before = _store!.BlockBytes;
        Pass(TimeSpan.FromHours(23));
        Assert.Equal(["api", "debug"], Jobs());
        Pass(TimeSpan.FromHours(2));
        Assert.Equal(["api"], Jobs());
        Assert.True(_store.BlockBytes < before);
        Pass(TimeSpan.FromDays(10));
        Assert.Empty(Jobs());
        Assert.Equal(0, _store.BlockCount);
    }

    [Fact]
    public void Maintain_RuleLongerThanRetention_KeepsItsSeries()
    {
        Open(TimeSpan.FromDays(1), Rule("{job=\"slo\"}", days: 30));
        WriteBlock("slo", "api");
        Pass(TimeSpan.FromDays(2));
        Assert.Equal(["slo"], Jobs());
        Pass(TimeSpan.FromDays(30));
        Assert.Empty(Jobs());
    }

    [Fact]
    public void Maintain_SeriesOfTwoRules_FollowsTheFirst()
    {
        Open(TimeSpan.FromDays(1), Rule("{job=\"a\"}", days: 5), Rule("{job=~\"a|b\"}", days: 2));
        WriteBlock("a", "b", "c");
        Pass(TimeSpan.FromDays(1.5));
        Assert.Equal(["a", "b"], Jobs());
        Pass(TimeSpan.FromDays(1));
        Assert.Equal(["a"], Jobs());
    }

    [Fact]
    public void Maintain_NothingLeftToDrop_DoesNotRewriteBlocksAgain()
    {
        Open(TimeSpan.FromDays(10), Rule("{job=\"debug\"}", days: 1));
        WriteBlock("debug", "api");
        Pass(TimeSpan.FromDays(2));
        string[] files = [.. _disk.ListFiles("data/blocks")];
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(files, _disk.ListFiles("data/blocks"));
    }

    static RetentionRule Rule(string selector, double days) => new(StoreQueries.Matchers(selector), TimeSpan.FromDays(days));

    void Open(TimeSpan retention, params RetentionRule[] rules) => _store = MetricStore.Open(_disk, "data",
        new MetricStoreOptions { RunsInBackground = false, ReplacedFilesKept = TimeSpan.Zero, Retention = retention, RetentionRules = rules }, _clock, NullLogger.Instance);

    void WriteBlock(params string[] jobs)
    {
        var batch = new SampleBatch();
        for (int t = -200; t <= 0; t++)
            foreach (string job in jobs) batch.Add(_store!.Resolve(Labels.Of(("__name__", "m"), ("job", job))), _clock.NowMs + (t * 1000), Math.Sin(t));
        _store!.Append(batch);
        _store.Flush(default);
    }

    void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _store!.Maintain(default);
    }

    string[] Jobs() => [.. StoreQueries.Query(_store!, "{__name__=\"m\"}").Where(s => s.Samples.Count > 0).Select(s => s.Labels["job"])];
}
