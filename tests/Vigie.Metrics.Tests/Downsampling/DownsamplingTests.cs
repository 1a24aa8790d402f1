using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

public sealed class DownsamplingTests : IDisposable
{
    const long MinuteMs = 60_000, HourMs = 60 * MinuteMs;
    static readonly long Start = new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    static readonly DownsamplingRule FiveMinutes = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(12), TimeSpan.FromDays(10), []);
    static readonly DownsamplingRule OneHour = new(TimeSpan.FromHours(1), TimeSpan.FromHours(20), null, []);

    readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));
    CrashableFileSystem _disk = new(1);
    MetricStore? _store;

    public void Dispose() => _store?.Dispose();

    [Theory]
    [InlineData("min_over_time", -30)]
    [InlineData("max_over_time", -11)]
    [InlineData("sum_over_time", -410)]
    [InlineData("last_over_time", -11)]
    public void Select_WhereSamplesAreGone_AnswersWithWindows(string function, double expected)
    {
        Fill(t => t - 30, FiveMinutes);
        var samples = Read(new SelectHints(RangeMs: HourMs, Function: function), Start + 1, Start + HourMs);
        // One sample each 15 s from the start on: the window that ends after 5 minutes has those 1..20.
        Assert.Equal(12, samples.Count);
        Assert.Equal((Start + (5 * MinuteMs), function == "sum_over_time" ? Enumerable.Range(1, 20).Sum(t => t - 30.0) : expected + 1), samples[0]);
    }

    [Theory]
    [InlineData("count_over_time")]
    [InlineData("avg_over_time")]
    public void Select_ForCountsAndAverages_HasAsManySamplesAsThereWere(string function)
    {
        Fill(t => t, FiveMinutes);
        var samples = Read(new SelectHints(RangeMs: HourMs, Function: function), Start + 1, Start + HourMs);
        Assert.Equal(240, samples.Count);
        Assert.Equal(Enumerable.Range(1, 240).Average(), samples.Average(s => s.V), 1e-9);
    }

    [Fact]
    public void Select_Instant_FindsAValueWithinAnyLookBackOfAMinute()
    {
        Fill(t => t, OneHour);
        for (long time = Start + HourMs; time < Start + (6 * HourMs); time += 17_000)
        {
            var samples = Read(default, time - MinuteMs + 1, time);
            Assert.Equal(Math.Floor((time - Start) / (double)HourMs) * 240, Assert.Single(samples).V);
        }
    }

    [Fact]
    public void Select_WhereThereAreSamples_GivesThemWhateverTheFunction()
    {
        Fill(t => t, FiveMinutes, OneHour);
        long from = _clock.NowMs - (10 * HourMs);
        var raw = Read(default, from, _clock.NowMs);
        Assert.InRange(raw.Count, 240 * 9, 240 * 10);
        foreach (string function in (string[])["min_over_time", "count_over_time", "rate"])
            Assert.Equal(raw, Read(new SelectHints(RangeMs: 24 * HourMs, StepMs: 24 * HourMs, Function: function), from, _clock.NowMs));
    }

    [Fact]
    public void Select_AcrossAllAges_NeverOverlapsAndNeverGoesBack()
    {
        Fill(t => t, FiveMinutes with { Keep = TimeSpan.FromHours(40) }, OneHour);
        var samples = Read(new SelectHints(RangeMs: 1, Function: "last_over_time"), 0, long.MaxValue);
        Assert.Equal(samples.OrderBy(s => s.T).DistinctBy(s => s.T), samples);
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.V <= pair.Second.V));
        Assert.Equal([HourMs, 5 * MinuteMs, 15_000], samples.Zip(samples.Skip(1)).Select(pair => pair.Second.T - pair.First.T).Where(
            gap => gap is HourMs or 5 * MinuteMs or 15_000).Distinct());
    }

    [Fact]
    public void Select_CounterWithResets_LosesNoIncrease()
    {
        Fill(t => t % 7, FiveMinutes);
        var samples = Read(new SelectHints(RangeMs: HourMs, Function: "increase"), Start, Start + (2 * HourMs), "{__name__=\"c_total\"}");
        double increase = samples.Zip(samples.Skip(1)).Sum(pair => pair.Second.V >= pair.First.V ? pair.Second.V - pair.First.V : pair.Second.V);
        double raw = 0;
        for (int t = 1; t <= 480; t++) raw += t % 7 > 0 ? 1 : 0;
        Assert.Equal(raw, increase);
    }

    [Fact]
    public void Maintain_BeforeAWindowWasComputed_DropsNoSample()
    {
        Open(TimeSpan.FromHours(13), FiveMinutes);
        Append(1, t => t);
        _store!.Flush(default);
        _clock.Advance(TimeSpan.FromDays(30));
        _store.Maintain(default);
        Assert.NotEmpty(Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), 0, long.MaxValue));
    }

    [Fact]
    public void Open_AfterAKill_GoesOnWhereTheAggregatesEnd()
    {
        Fill(t => t, FiveMinutes, OneHour);
        var before = Read(new SelectHints(RangeMs: 1, Function: "sum_over_time"), 0, long.MaxValue);
        var disk = _disk.AfterKill();
        _store!.Dispose();
        _disk = disk;
        Open(TimeSpan.FromHours(24), FiveMinutes, OneHour);
        for (int i = 0; i < 10; i++) _store!.Maintain(default);
        Assert.Equal(before, Read(new SelectHints(RangeMs: 1, Function: "sum_over_time"), 0, long.MaxValue));
    }

    [Fact]
    public void Delete_AlsoDeletesFromAggregates()
    {
        Fill(t => t, FiveMinutes);
        _store!.Delete([StoreQueries.Matchers("{__name__=\"m\"}")], new TimeRange(Start, Start + HourMs), default);
        Assert.Empty(Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), Start, Start + HourMs));
        _store.CleanTombstones(default);
        Assert.Empty(Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), Start, Start + HourMs));
        Assert.NotEmpty(Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), Start, Start + (2 * HourMs)));
    }

    [Fact]
    public void Snapshot_HasTheAggregates()
    {
        Fill(t => t, FiveMinutes);
        string name = _store!.Snapshot(skipHead: false, default);
        using var copy = MetricStore.Open(_disk, $"data/snapshots/{name}", Options(TimeSpan.FromHours(24), FiveMinutes), _clock, NullLogger.Instance);
        Assert.Equal(Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), 0, long.MaxValue),
            Read(new SelectHints(RangeMs: 1, Function: "max_over_time"), 0, long.MaxValue, store: copy));
    }

    [Fact]
    public void LabelValues_OfSeriesThatOnlyAggregatesAreLeftOf_AreThere()
    {
        Fill(t => t, FiveMinutes);
        Assert.Contains("m", _store!.LabelValues("__name__", [], new TimeRange(Start, Start + HourMs), 0, default));
    }

    /// <summary>Three days of samples, each 15 s, kept for one day; maintenance as it would run.</summary>
    void Fill(Func<int, double> value, params DownsamplingRule[] rules)
    {
        Open(TimeSpan.FromHours(24), rules);
        Append(days: 3, value);
        for (int i = 0; i < 40; i++) _store!.Maintain(default);
    }

    void Append(int days, Func<int, double> value)
    {
        var batch = new SampleBatch();
        for (int t = 0; t < days * 24 * 240; t++)
        {
            batch.Clear();
            foreach (string name in (string[])["m", "c_total"]) batch.Add(_store!.Resolve(Labels.Of(("__name__", name))), Start + (t * 15_000L), value(t));
            _store!.Append(batch);
            if (t % 960 == 959) _store.Flush(default);
        }
        _clock.Advance(TimeSpan.FromDays(days));
    }

    void Open(TimeSpan retention, params DownsamplingRule[] rules) =>
        _store = MetricStore.Open(_disk, "data", Options(retention, rules), _clock, NullLogger.Instance);

    static MetricStoreOptions Options(TimeSpan retention, params DownsamplingRule[] rules) => new()
    {
        RunsInBackground = false, Retention = retention, Downsampling = rules, BlockSpanMax = TimeSpan.FromHours(4),
    };

    List<(long T, double V)> Read(SelectHints hints, long from, long to, string selector = "{__name__=\"m\"}", MetricStore? store = null)
    {
        using var set = (store ?? _store!).Select(StoreQueries.Matchers(selector), new TimeRange(from, to), hints, default);
        var columns = new SampleColumns();
        if (set.Count == 0) return [];
        set.Read(0, columns);
        return [.. Enumerable.Range(0, columns.Count).Select(i => (columns.Timestamps[i], columns.Values[i]))];
    }
}
