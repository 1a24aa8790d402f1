using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

/// <summary>A batch that comes back with the same series goes a shorter way; what becomes of its samples must not depend on that.</summary>
public sealed class KnownPagesTests : IDisposable
{
    const int Series = 50;

    readonly CrashableFileSystem _disk = new(1);
    readonly SampleBatch _batch = new() { RepeatsShape = true };
    readonly MetricStore _store;
    SeriesRef[] _series;

    public KnownPagesTests()
    {
        _store = Open(_disk);
        _series = Resolve(_store);
        for (int t = 1; t <= 3; t++) AppendPage(t);
    }

    public void Dispose() => _store.Dispose();

    static MetricStore Open(CrashableFileSystem disk) =>
        MetricStore.Open(disk, "data", new MetricStoreOptions { RunsInBackground = false }, new ManualTimeProvider(), NullLogger.Instance);

    static SeriesRef[] Resolve(MetricStore store) =>
        [.. Enumerable.Range(0, Series).Select(i => store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))))];

    AppendResult AppendPage(long time, MetricStore? store = null)
    {
        _batch.Clear();
        for (int i = 0; i < Series; i++) _batch.Add(_series[i], time, time * i);
        return (store ?? _store).Append(_batch);
    }

    List<(long T, double V)> SamplesOf(int i) => StoreQueries.Query(_store, $"{{i=\"{i}\"}}").Single().Samples;

    [Fact]
    public void Append_OneSeriesIsNewerAlready_OnlyThatSampleIsRefused()
    {
        var other = new SampleBatch();
        other.Add(_series[7], 10, 1);
        _store.Append(other);
        Assert.Equal(new AppendResult(Series - 1, 1, 0, 0, 0), AppendPage(4));
        Assert.Equal(AppendOutcome.OutOfOrder, _batch.OutcomeOf(7));
        Assert.Equal([(1L, 7.0), (2, 14), (3, 21), (10, 1)], SamplesOf(7));
        Assert.Equal([(1L, 8.0), (2, 16), (3, 24), (4, 32)], SamplesOf(8));
        Assert.Equal(Series, AppendPage(11).Stored);
        Assert.Equal(AppendOutcome.Stored, _batch.OutcomeOf(7));
    }

    [Fact]
    public void Append_SameTimeAgain_IsDuplicateUnlessTheValueIsTheSame()
    {
        Assert.Equal(Series, AppendPage(3).Stored);
        _batch.Clear();
        for (int i = 0; i < Series; i++) _batch.Add(_series[i], 3, 5);
        Assert.Equal(Series, _store.Append(_batch).DuplicateTimestamp);
    }

    [Fact]
    public void Append_SeriesWereDropped_AreUnknown()
    {
        for (int i = 0; i < 3; i++)     // series quiet for a whole generation are dropped with it
        {
            var other = new SampleBatch();
            other.Add(_store.Resolve(Labels.Of(("__name__", "other"))), 100 + i, i);
            _store.Append(other);
            _store.Flush(default);
        }
        Assert.Equal(Series, AppendPage(200).UnknownSeries);
        _series = Resolve(_store);
        Assert.Equal(Series, AppendPage(201).Stored);
        Assert.Equal(Series, AppendPage(202).Stored);
    }

    [Fact]
    public void Append_LogFails_StoresNothingAndGoesOnAfterwards()
    {
        _disk.Capacity = _disk.UsedBytes;
        Assert.Throws<StoreUnavailableException>(() => AppendPage(4));
        Assert.Equal(3, SamplesOf(5).Count);
        _disk.Capacity = null;
        AppendPage(5);
        using var reopened = Open(_disk.AfterKill());
        Assert.Equal([(1L, 5.0), (2, 10), (3, 15), (5, 25)], StoreQueries.Query(reopened, "{i=\"5\"}").Single().Samples);
    }

    [Fact]
    public void Append_TheBatchGoesToAnotherStore_ItsSeriesCount()
    {
        using var other = Open(new CrashableFileSystem(2));
        Assert.Equal(Series, AppendPage(4, other).UnknownSeries);
        _series = Resolve(other);
        AppendPage(5, other);
        AppendPage(6, other);
        Assert.Equal([(5L, 45.0), (6, 54)], StoreQueries.Query(other, "{i=\"9\"}").Single().Samples);
    }

    [Fact]
    public void Append_SteadyState_AllocatesNoManagedMemory()
    {
        long time = 4;
        for (; time < 40; time++) AppendPage(time);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 20; i++) AppendPage(time++);
        }));
    }
}
