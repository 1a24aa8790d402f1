using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

/// <summary>Damaged files: samples may be missing, and are counted then; none is wrong, and the store opens.</summary>
public sealed class DamageTests
{
    static readonly MetricStoreOptions Options = new() { RunsInBackground = false, Retention = null };

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(60)];

    [Theory]
    [InlineData("torn record", 90)]
    [InlineData("torn frame", 99)]
    [InlineData("half of it", 50)]
    public void Open_WithACutLog_KeepsWhatComesBefore(string damage, int keptPercent)
    {
        var (disk, _) = Store(samples: 200, flushAt: -1);
        string log = "data/wal/00000001.log";
        disk.Cut(log, (int)(disk.SizeOf(log) * keptPercent / 100));
        using var store = Open(disk);
        int left = StoreQueries.Query(store, "{__name__=\"m\",i=\"0\"}").Sum(s => s.Samples.Count);
        Assert.InRange(left, keptPercent * 3 / 2, 199);
        Assert.True(store.Replay.DamagedRecords <= 1, damage);
    }

    [Fact]
    public void Open_WithOneBadRecordInTheMiddle_CountsItAndKeepsOtherSeries()
    {
        var disk = new CrashableFileSystem(1);
        using (var store = Open(disk))
        {
            for (int t = 0; t < 100; t++)
            {
                Append(store, "a", t, 10);
                Append(store, "b", t, 12);
            }
        }
        string log = "data/wal/00000001.log";
        disk.Poke(log, (int)disk.SizeOf(log) / 2, 0xff);
        disk.Poke(log, ((int)disk.SizeOf(log) / 2) + 1, 0xff);
        using var reopened = Open(disk);
        Assert.NotEqual(0, reopened.Replay.DamagedRecords);
        int a = StoreQueries.Query(reopened, "{__name__=\"a\"}").Sum(s => s.Samples.Count);
        int b = StoreQueries.Query(reopened, "{__name__=\"b\"}").Sum(s => s.Samples.Count);
        Assert.True(a == 1000 || b == 1200, $"one page only loses samples: {a} of 1000, {b} of 1200");
        Assert.InRange(Math.Min(a, b), 400, 1199);
    }

    [Fact]
    public void Open_WithZerosAtTheEndOfTheLog_CutsThem()
    {
        var (disk, sent) = Store(samples: 50, flushAt: -1);
        using (var file = disk.OpenAppend("data/wal/00000001.log")) file.Append(new byte[1000]);
        using var store = Open(disk);
        Assert.Equal((1, 1000L), (store.Replay.DamagedRecords, store.Replay.DamagedBytes));
        Assert.Equal(sent.Count, StoreQueries.Query(store, "{__name__=\"m\"}").Sum(s => s.Samples.Count));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Open_WithAFlippedBit_NeverShowsAWrongValue(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (disk, sent) = Store(samples: 1200, flushAt: 900);
        string[] files = ["data/MANIFEST", "data/wal/00000002.log", "data/blocks/00000001.block", "data/blocks/00000001.block"];
        string path = random.Pick(files);
        int offset = disk.FlipBit(path);
        using var store = Open(disk);
        foreach (var (labels, samples) in StoreQueries.Query(store, "{__name__=~\".*\"}"))
        {
            foreach (var (time, value) in samples)
                Assert.True(
                    sent.TryGetValue((labels["i"], time), out double expected) && expected.Equals(value),
                    $"seed {seed}: {path} at {offset}: {labels} has {value} at {time}");
        }
        _ = store.LabelValues("i", [], TimeRange.All, 0, default);
    }

    [Fact]
    public void Open_WithoutAManifest_TakesAllBlocks()
    {
        var (disk, sent) = Store(samples: 100, flushAt: 50);
        disk.DeleteFile("data/MANIFEST");
        using var store = Open(disk);
        Assert.Equal(sent.Count, StoreQueries.Query(store, "{__name__=\"m\"}").Sum(s => s.Samples.Count));
    }

    [Fact]
    public void Maintain_AfterTheLogFolderWasDeleted_PutsMemoryIntoABlockAndGoesOn()
    {
        var disk = new CrashableFileSystem(1);
        using var store = Open(disk);
        for (int t = 0; t < 10; t++) Append(store, "a", t, 3);
        disk.DeleteDirectory("data/wal");
        for (int t = 10; t < 20; t++) Append(store, "a", t, 3);
        store.Maintain(default);
        for (int t = 20; t < 30; t++) Append(store, "a", t, 3);
        using var reopened = Open(disk.AfterKill());
        Assert.Equal(90, StoreQueries.Query(reopened, "{__name__=\"a\"}").Sum(s => s.Samples.Count));
    }

    static (CrashableFileSystem Disk, Dictionary<(string, long), double> Sent) Store(int samples, int flushAt)
    {
        var disk = new CrashableFileSystem(1);
        var sent = new Dictionary<(string, long), double>();
        using var store = Open(disk);
        for (int t = 0; t < samples; t++)
        {
            var batch = new SampleBatch();
            for (int i = 0; i < 10; i++)
            {
                double value = i % 2 == 0 ? t * i : Math.Sin(t) * i;
                batch.Add(store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))), t * 1000, value);
                sent[($"{i}", t * 1000)] = value;
            }
            store.Append(batch);
            if (t == flushAt) store.Flush(default);
        }
        return (disk, sent);
    }

    static void Append(MetricStore store, string name, long time, int series)
    {
        var batch = new SampleBatch { RepeatsShape = true };
        for (int i = 0; i < series; i++) batch.Add(store.Resolve(Labels.Of(("__name__", name), ("i", $"{i}"))), time, time + i);
        store.Append(batch);
    }

    static MetricStore Open(CrashableFileSystem disk) => MetricStore.Open(disk, "data", Options, new ManualTimeProvider(), NullLogger.Instance);
}
