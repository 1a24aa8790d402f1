using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

public sealed class MetricStoreTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    CrashableFileSystem _disk = new(1);
    MetricStore _store;

    public MetricStoreTests() => _store = Open(new MetricStoreOptions());

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Append_SamplesOfAPage_AreReadBack()
    {
        for (int t = 0; t < 1500; t++) AppendPage(t * 1000, 20, i => i * t);
        var result = Query("{__name__=\"m\"}");
        Assert.Equal(20, result.Count);
        foreach (var (labels, samples) in result)
        {
            int i = int.Parse(labels["i"], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Enumerable.Range(0, 1500).Select(t => ($"{t * 1000}", $"{i * t}")), samples.Select(s => ($"{s.T}", $"{s.V}")));
        }
    }

    [Fact]
    public void Append_SecondValueAtATime_IsDuplicateButTheSameValueIsStored()
    {
        var series = _store.Resolve(Labels.Of(("__name__", "a")));
        Assert.Equal(AppendOutcome.Stored, Append(series, 1000, 1));
        Assert.Equal(AppendOutcome.Stored, Append(series, 1000, 1));
        Assert.Equal(AppendOutcome.DuplicateTimestamp, Append(series, 1000, 2));
        Assert.Equal(AppendOutcome.OutOfOrder, Append(series, 999, 2));
        Assert.Equal(AppendOutcome.UnknownSeries, Append(new SeriesRef(series.Value + 1), 2000, 2));
        Assert.Equal(AppendOutcome.UnknownSeries, Append(default, 2000, 2));
        Assert.Equal([(1000L, 1.0)], Query("{__name__=\"a\"}").Single().Samples);
    }

    [Fact]
    public void Maintain_SeriesThatEnded_AreDroppedAfterFiveMinutesOfTheNextBlock()
    {
        long now = _clock.NowMs;
        AppendPage(now, 10, static i => i);
        _store.Flush(default);
        AppendPage(now + 1000, 2, static i => i);
        _store.Maintain(default);
        Assert.Equal(10, _store.Head.Series);       // the others may only be slow
        _clock.Advance(TimeSpan.FromMinutes(5));
        _store.Maintain(default);
        Assert.Equal(2, _store.Head.Series);
        Assert.Equal(10, Query("{__name__=\"m\"}").Count);
        AppendPage(now + 2000, 10, static i => i);  // one that comes back goes on
        Assert.Equal([now, now + 2000], Query("{__name__=\"m\",i=\"9\"}").Single().Samples.Select(static s => s.T));
    }

    [Fact]
    public void Append_WithinTheOutOfOrderWindow_IsSortedIn()
    {
        Reopen(new MetricStoreOptions { OutOfOrderWindow = TimeSpan.FromMinutes(1) });
        var series = _store.Resolve(Labels.Of(("__name__", "a")));
        foreach (long t in (long[])[100_000, 110_000, 105_000, 120_000, 101_000])
            Assert.Equal(AppendOutcome.Stored, Append(series, t, t));
        Assert.Equal(AppendOutcome.TooOld, Append(series, 59_999, 1));
        Assert.Equal([100_000L, 101_000, 105_000, 110_000, 120_000], Query("{__name__=\"a\"}").Single().Samples.Select(s => s.T));
        Restart();
        Assert.Equal([100_000L, 101_000, 105_000, 110_000, 120_000], Query("{__name__=\"a\"}").Single().Samples.Select(s => s.T));
    }

    [Fact]
    public void Open_AfterKill_HasEverySampleBitForBit()
    {
        double[] values = [1, double.NaN, StaleMarker.Value, -0.0, 0.1 + 0.2, double.PositiveInfinity, 1e-300];
        var series = _store.Resolve(Labels.Of(("__name__", "a"), ("b", "é☃")));
        for (int i = 0; i < values.Length; i++) Append(series, i, values[i]);
        Restart();
        var samples = Query("{b=\"é☃\"}").Single().Samples;
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), samples.Select(s => BitConverter.DoubleToInt64Bits(s.V)));
    }

    [Fact]
    public void Open_AfterKill_KeepsHistogramsAndExemplars()
    {
        var series = _store.Resolve(Labels.Of(("__name__", "h")));
        var batch = new SampleBatch();
        var histogram = new FloatHistogram
        {
            Schema = 3, Count = 7, Sum = 12.5, ZeroCount = 1, ZeroThreshold = 1e-9, CounterResetHint = CounterResetHint.NotCounterReset,
            PositiveSpans = [new(-2, 2), new(3, 1)], PositiveBuckets = [1, 3, 2], NegativeSpans = [new(0, 1)], NegativeBuckets = [0.5],
        };
        batch.Add(series, 1000, histogram);
        batch.AddExemplar(series, new Exemplar(Labels.Of(("trace_id", "abc")), 0.4, 999, true));
        _store.Append(batch);
        Append(series, 2000, StaleMarker.Value);
        Restart();
        using var found = _store.Select(StoreQueries.Matchers("{__name__=\"h\"}"), TimeRange.All, default, default);
        var columns = new SampleColumns();
        found.Read(0, columns);
        Assert.Equal(2, columns.Count);
        var read = columns.Histograms[0]!;
        Assert.Equal((histogram.Schema, histogram.Sum, histogram.ZeroThreshold), (read.Schema, read.Sum, read.ZeroThreshold));
        Assert.Equal(histogram.PositiveBuckets, read.PositiveBuckets);
        Assert.Equal(histogram.PositiveSpans, read.PositiveSpans);
        Assert.Equal(histogram.NegativeBuckets, read.NegativeBuckets);
        Assert.True(StaleMarker.IsStale(columns.Values[1]));
        var exemplars = _store.Exemplars([[new LabelMatcher(Vigie.Model.MatchType.Equal, "__name__", "h")]], TimeRange.All);
        Assert.Equal("abc", exemplars.Single().Exemplars.Single().Labels["trace_id"]);
    }

    [Theory]
    [InlineData("{__name__=\"m\",i=\"3\"}", "3")]
    [InlineData("{__name__=\"m\",i!=\"3\"}", "0 1 2 4")]
    [InlineData("{__name__=\"m\",i=~\"[12]\"}", "1 2")]
    [InlineData("{__name__=\"m\",i!~\"[12]\"}", "0 3 4")]
    [InlineData("{__name__=\"m\",missing=\"\"}", "0 1 2 3 4")]
    [InlineData("{__name__=\"m\",missing=\"x\"}", "")]
    [InlineData("{__name__=\"m\",missing!=\"x\"}", "0 1 2 3 4")]
    [InlineData("{__name__=\"m\",odd=\"\"}", "0 2 4")]
    [InlineData("{__name__=\"m\",odd!=\"\"}", "1 3")]
    [InlineData("{__name__=\"m\",odd=~\"y?\"}", "0 2 4")]
    [InlineData("{odd=~\".+\"}", "1 3")]
    [InlineData("{odd=~\"yes|no\",i=\"1\"}", "1")]
    public void Select_ByMatchers_FindsTheSeriesThatMatch(string selector, string expected)
    {
        var batch = new SampleBatch();
        for (int i = 0; i < 5; i++)
            batch.Add(_store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"), ("odd", i % 2 == 1 ? "yes" : ""))), 1000, i);
        batch.Add(_store.Resolve(Labels.Of(("__name__", "other"))), 1000, 1);
        _store.Append(batch);
        Assert.Equal(expected, string.Join(" ", Query(selector).Select(s => s.Labels["i"])));
    }

    [Fact]
    public void LabelNamesAndValues_AreSortedAndLimited()
    {
        var batch = new SampleBatch();
        for (int i = 9; i >= 0; i--) batch.Add(_store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))), 1000, i);
        _store.Append(batch);
        Assert.Equal(["__name__", "i"], _store.LabelNames([], TimeRange.All, 0, default));
        Assert.Equal(["0", "1", "2"], _store.LabelValues("i", [], TimeRange.All, 3, default));
        Assert.Equal(["7"], _store.LabelValues("i", [new LabelMatcher(Vigie.Model.MatchType.Equal, "i", "7")], TimeRange.All, 0, default));
        Assert.Empty(_store.LabelNames([], new TimeRange(2000, 3000), 0, default));
    }

    [Fact]
    public void Append_WhenTheDiskIsFull_RefusesAndResumesByItself()
    {
        var series = _store.Resolve(Labels.Of(("__name__", "a")));
        Append(series, 1000, 1);
        _disk.Capacity = _disk.UsedBytes + 3;
        var problem = Assert.Throws<StoreUnavailableException>(() => Append(series, 2000, 2));
        Assert.Contains("full", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(_store.Unavailable);
        _disk.Capacity = null;
        Assert.Equal(AppendOutcome.Stored, Append(series, 2000, 3));
        Assert.Null(_store.Unavailable);
        Restart();
        Assert.Equal([(1000L, 1.0), (2000L, 3.0)], Query("{__name__=\"a\"}").Single().Samples);
    }

    [Fact]
    public void Resolve_AboveTheLimit_IsRefused()
    {
        Reopen(new MetricStoreOptions { SeriesLimits = new SeriesLimits { Series = 1 } });
        var first = _store.Resolve(Labels.Of(("a", "1")));
        Assert.Throws<SeriesLimitException>(() => _store.Resolve(Labels.Of(("a", "2"))));
        Assert.Equal(first, _store.Resolve(Labels.Of(("a", "1"))));
    }

    [Fact]
    public void Append_ZeroAtStart_IsStoredOnlyBeforeEverythingElseOfItsSeries()
    {
        Reopen(new MetricStoreOptions { OutOfOrderWindow = TimeSpan.FromHours(1), RunsInBackground = false });
        var series = _store.Resolve(Labels.Of(("__name__", "c")));
        foreach (long time in new long[] { 1000, 2000 })
        {
            var batch = new SampleBatch();
            batch.AddZeroAtStart(series, 500);
            batch.Add(series, time, 5);
            var result = _store.Append(batch);
            Assert.Equal((time == 1000 ? 2 : 1, 0, 0, 0), (result.Stored, result.OutOfOrder, result.DuplicateTimestamp, result.TooOld));
        }
        var late = new SampleBatch();
        late.AddZeroAtStart(series, 1500);
        Assert.Equal(0, _store.Append(late).Stored);
        Assert.Equal([(500L, 0.0), (1000L, 5.0), (2000L, 5.0)], Query("{__name__=\"c\"}").Single().Samples);
    }

    [Fact]
    public void Append_OfAKnownPage_AllocatesNothing()
    {
        var batch = PageBatch(0, 500, i => i);
        for (int t = 1; t < 70; t++) Fill(batch, t * 1000, i => i + t);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 70; t < 80; t++) Fill(batch, t * 1000, i => i + t);
        long perSample = (GC.GetAllocatedBytesForCurrentThread() - before) / 5000;
        Assert.Equal(0, perSample);

        void Fill(SampleBatch target, long time, Func<int, double> value)
        {
            Span<SeriesRef> series = stackalloc SeriesRef[500];
            target.Series.CopyTo(series);
            target.Clear();
            for (int i = 0; i < series.Length; i++) target.Add(series[i], time, value(i));
            _store.Append(target);
        }
    }

    [Fact]
    public void Append_OfAPageThatChangesEveryTime_KeepsTheChunksOfItsSeries()
    {
        for (int t = 0; t < 200; t++)
        {
            var batch = new SampleBatch { RepeatsShape = true };
            for (int i = 0; i < 50; i++)
                if (i % 25 != t % 25) batch.Add(_store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))), t * 1000, t);
            _store.Append(batch);
        }
        Assert.InRange(_store.Head.Chunks, 50, 600);
        Assert.Equal(200 * 48, Query("{__name__=\"m\"}").Sum(s => s.Samples.Count));
    }

    [Fact]
    public void Snapshot_IsAStoreOfItsOwn()
    {
        for (int t = 0; t < 100; t++) AppendPage(t * 1000, 5, i => i * t);
        string name = _store.Snapshot(skipHead: false, default);
        _store.Delete([StoreQueries.Matchers("{__name__=\"m\"}")], TimeRange.All, default);
        _store.CleanTombstones(default);
        Assert.Empty(Query("{__name__=\"m\"}"));
        using var copy = MetricStore.Open(
            _disk, $"data/snapshots/{name}", new MetricStoreOptions { RunsInBackground = false }, _clock, NullLogger.Instance);
        Assert.Equal(500, StoreQueries.Query(copy, "{__name__=\"m\"}").Sum(s => s.Samples.Count));
    }

    [Fact]
    public void Delete_AnswersWithAReceiptAndFreesSpaceWhenCleaned()
    {
        for (int t = 0; t < 2000; t++) AppendPage(t * 1000, 5, i => Math.Sin(i * t));
        var receipt = _store.Delete([StoreQueries.Matchers("{i=~\"[12]\"}")], new TimeRange(500_000, 999_999), default);
        Assert.Equal(new DeletionReceipt(2, 1000), receipt);
        Assert.Equal(9000, Query("{__name__=\"m\"}").Sum(s => s.Samples.Count));
        long before = _store.BlockBytes;
        Restart();
        Assert.Equal(9000, Query("{__name__=\"m\"}").Sum(s => s.Samples.Count));
        _store.CleanTombstones(default);
        Assert.Equal(9000, Query("{__name__=\"m\"}").Sum(s => s.Samples.Count));
        Assert.True(_store.BlockBytes < before * 0.93);
    }

    [Fact]
    public void Maintain_AfterADelete_FreesItsSpace()
    {
        Reopen(new MetricStoreOptions { Retention = null });
        for (int t = 0; t < 2000; t++) AppendPage(t * 1000, 5, i => Math.Sin(i * t));
        _store.Delete([StoreQueries.Matchers("{i=~\"[12]\"}")], TimeRange.All, default);
        long before = _store.BlockBytes;
        _store.Maintain(default);
        Assert.True(_store.BlockBytes < before * 0.7);
        Assert.DoesNotContain(_disk.ListFiles("data/blocks"), static name => name.EndsWith(".deleted", StringComparison.Ordinal));
        Assert.Equal(3, Query("{__name__=\"m\"}").Count);
    }

    [Fact]
    public void Maintain_PastRetention_DropsBlocks()
    {
        Reopen(new MetricStoreOptions { Retention = TimeSpan.FromHours(1) });
        long now = _clock.NowMs;
        AppendPage(now, 5, i => i);
        _store.Flush(default);
        _clock.Advance(TimeSpan.FromMinutes(59));
        _store.Maintain(default);
        Assert.Equal(1, _store.BlockCount);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _store.Maintain(default);
        Assert.Equal(0, _store.BlockCount);
        Assert.Empty(_disk.ListFiles("data/blocks"));
    }

    [Fact]
    public void Maintain_AtTheAgeOrSizeLimit_WritesABlockAndDropsIdleSeries()
    {
        Reopen(new MetricStoreOptions { HeadSpanMax = TimeSpan.FromHours(2), Retention = null });
        AppendPage(_clock.NowMs, 5, i => i);
        _store.Maintain(default);
        Assert.Equal(0, _store.BlockCount);
        _clock.Advance(TimeSpan.FromHours(2));
        AppendPage(_clock.NowMs, 3, i => i);
        _store.Maintain(default);
        Assert.Equal((1, 5L), (_store.BlockCount, _store.Head.Series));
        AppendPage(_clock.NowMs + 1000, 3, i => i);
        _store.Flush(default);
        Assert.Equal((2, 3L), (_store.BlockCount, _store.Head.Series));
        Assert.Equal(5, Query("{__name__=\"m\"}").Count);
    }

    [Fact]
    public void Append_HistogramWithinTheOutOfOrderWindow_IsSortedIn()
    {
        Reopen(new MetricStoreOptions { OutOfOrderWindow = TimeSpan.FromMinutes(1) });
        var series = _store.Resolve(Labels.Of(("__name__", "h")));
        foreach (long time in (long[])[100_000, 110_000, 105_000, 120_000, 101_000])
        {
            var batch = new SampleBatch();
            batch.Add(series, time, HistogramOf(time));
            Assert.Equal(1, _store.Append(batch).Stored);
        }
        var old = new SampleBatch();
        old.Add(series, 59_999, HistogramOf(1));
        Assert.Equal(1, _store.Append(old).TooOld);
        Append(series, 107_000, 5);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(["100000 100000", "101000 101000", "105000 105000", "107000 5", "110000 110000", "120000 120000"], Histograms());
            if (round == 0) Restart();
            else _store.Flush(default);
        }

        static FloatHistogram HistogramOf(long time) => new()
        {
            Schema = 1, Count = time, Sum = 1, PositiveSpans = [new(0, 1)], PositiveBuckets = [time], CounterResetHint = CounterResetHint.NotCounterReset,
        };
    }

    [Fact]
    public void Metadata_IsThereAfterARestart()
    {
        _store.SetMetadata("m", new MetricMetadata("counter", "Hé", "seconds"));
        _store.Maintain(default);
        Restart();
        Assert.Equal(new MetricMetadata("counter", "Hé", "seconds"), Assert.Single(_store.Metadata["m"]));
        _disk.Create("data/METADATA").Append("damaged"u8);
        Restart();
        Assert.Empty(_store.Metadata);
    }

    [Fact]
    public void Close_WritesWhatIsInMemoryToABlockAndLeavesNoLogToRead()
    {
        AppendPage(1000, 5, i => i);
        _store.Close(default);
        _store = Open(new MetricStoreOptions());
        Assert.Equal((1, 0L), (_store.BlockCount, _store.Replay.Samples));
        Assert.Equal(5, Query("{__name__=\"m\"}").Count);
    }

    [Fact]
    public void Close_WithoutTimeOrRoom_LeavesItToTheLog()
    {
        AppendPage(1000, 5, i => i);
        _store.Close(new CancellationToken(canceled: true));
        _store = Open(new MetricStoreOptions());
        Assert.Equal((0, 5L), (_store.BlockCount, _store.Replay.Samples));
    }

    [Fact]
    public void Append_AfterARestart_KnowsTheNewestSampleInBlocks()
    {
        var series = _store.Resolve(Labels.Of(("__name__", "a")));
        Append(series, 5000, 1);
        _store.Flush(default);
        Restart();
        series = _store.Resolve(Labels.Of(("__name__", "a")));
        Assert.Equal(AppendOutcome.OutOfOrder, Append(series, 4000, 1));
        Assert.Equal(AppendOutcome.DuplicateTimestamp, Append(series, 5000, 2));
        Assert.Equal(AppendOutcome.Stored, Append(series, 5000, 1));
        Assert.Equal(AppendOutcome.Stored, Append(_store.Resolve(Labels.Of(("__name__", "b"))), 4000, 1));
        Assert.Equal([(5000L, 1.0)], Query("{__name__=\"a\"}").Single().Samples);
    }

    [Fact]
    public void Statistics_CountSeriesByNameLabelAndPair()
    {
        AppendPage(1000, 5, i => i);
        _store.Resolve(Labels.Of(("__name__", "n"), ("i", "3")));
        var statistics = _store.Statistics(2);
        Assert.Equal(6, statistics.Head.Series);
        Assert.Equal([new("m", 5), new("n", 1)], statistics.SeriesCountByMetricName);
        Assert.Equal([new("i", 5), new("__name__", 2)], statistics.LabelValueCountByLabelName);
        Assert.Equal([new("__name__=m", 5), new("i=3", 2)], statistics.SeriesCountByLabelValuePair);
    }

    [Fact]
    public async Task Select_BesideAWriterAndFlushes_SeesEverySampleOnce()
    {
        var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (int t = 0; t < 3000; t++)
            {
                AppendPage(t * 1000, 12, i => t);
                if (t % 700 == 699) _store.Flush(default);
            }
            stop.Cancel();
        }, TestContext.Current.CancellationToken);
        while (!stop.IsCancellationRequested)
        {
            foreach (var (_, samples) in Query("{__name__=\"m\"}"))
                Assert.Equal(Enumerable.Range(0, samples.Count).Select(t => (t * 1000L, (double)t)), samples);
            await Task.Yield();
        }
        await writer;
        Assert.All(Query("{__name__=\"m\"}"), s => Assert.Equal(3000, s.Samples.Count));
    }

    /// <summary>Time and count, or time and value, of the samples of the series h.</summary>
    List<string> Histograms()
    {
        using var set = _store.Select(StoreQueries.Matchers("{__name__=\"h\"}"), TimeRange.All, default, default);
        var columns = new SampleColumns();
        set.Read(0, columns);
        return [.. Enumerable.Range(0, columns.Count).Select(i => $"{columns.Timestamps[i]} {columns.Histograms[i]?.Count ?? columns.Values[i]}")];
    }

    AppendOutcome Append(SeriesRef series, long time, double value)
    {
        var batch = new SampleBatch();
        batch.Add(series, time, value);
        _store.Append(batch);
        return batch.OutcomeOf(0);
    }

    SampleBatch PageBatch(long time, int count, Func<int, double> value)
    {
        var batch = new SampleBatch();
        for (int i = 0; i < count; i++) batch.Add(_store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))), time, value(i));
        return batch;
    }

    void AppendPage(long time, int count, Func<int, double> value) => _store.Append(PageBatch(time, count, value));

    List<(Labels Labels, List<(long T, double V)> Samples)> Query(string selector) => StoreQueries.Query(_store, selector);

    MetricStore Open(MetricStoreOptions options) =>
        MetricStore.Open(_disk, "data", options with { RunsInBackground = false, ReplacedFilesKept = TimeSpan.Zero }, _clock, NullLogger.Instance);

    void Reopen(MetricStoreOptions options)
    {
        _store.Dispose();
        _store = Open(options);
    }

    void Restart()
    {
        var after = _disk.AfterKill();
        _store.Dispose();
        _disk = after;
        _store = Open(new MetricStoreOptions());
    }
}
