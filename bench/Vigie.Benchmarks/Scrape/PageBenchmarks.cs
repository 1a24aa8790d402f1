using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration.Prometheus;
using Vigie.Metrics;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Scrape;
using Vigie.Storage;

namespace Vigie.Benchmarks.Scrape;

/// <summary>
/// A scraped page from its bytes to the store, per sample. Targets take turns, as they do in a server: with many of them, little of what a
/// page needs is in the processor's caches.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class PageBenchmarks
{
    const int Series = 1000;
    const int Versions = 4;

    readonly string _folder = Path.Combine(Path.GetTempPath(), $"vigie-bench-{Guid.NewGuid():n}");
    MetricStore _store = null!;
    Target[] _targets = null!;
    int _turn;

    [Params(1, 100)]
    public int Targets { get; set; }

    sealed record Target(PageAppender Walk, PageAppender Whole, SampleBatch WalkBatch, SampleBatch WholeBatch, byte[][] Pages);

    [GlobalSetup]
    public void Setup()
    {
        _store = MetricStore.Open(new PhysicalFileSystem(), _folder, new MetricStoreOptions(), TimeProvider.System, NullLogger.Instance);
        _targets = [.. Enumerable.Range(0, Targets).Select(NewTarget)];
        for (int i = 0; i < Targets * Versions; i++)
        {
            WalkPage();
            WalkAndAppendPage();
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Series)]
    public int WalkPage()
    {
        var target = _targets[++_turn % Targets];
        target.WalkBatch.Clear();
        target.Walk.Read(target.Pages[_turn / Targets % Versions], ExpositionFormat.Text, _turn * 10L, target.WalkBatch);
        return target.WalkBatch.Count;
    }

    [Benchmark(OperationsPerInvoke = Series)]
    public int WalkAndAppendPage()
    {
        var target = _targets[++_turn % Targets];
        target.WholeBatch.Clear();
        target.Whole.Read(target.Pages[_turn / Targets % Versions], ExpositionFormat.Text, _turn * 10L, target.WholeBatch);
        return _store.Append(target.WholeBatch).Stored;
    }

    Target NewTarget(int number)
    {
        var labeller = new SampleLabeller(Labels.Of(("instance", $"host-{number}:9100"), ("job", "service")), new ScrapeConfig { JobName = "service" });
        return new Target(new PageAppender(_store, labeller), new PageAppender(_store, labeller), new SampleBatch { RepeatsShape = true },
            new SampleBatch { RepeatsShape = true }, [.. Enumerable.Range(0, Versions).Select(turn => ServicePage.Render(Series, number, turn))]);
    }
}
