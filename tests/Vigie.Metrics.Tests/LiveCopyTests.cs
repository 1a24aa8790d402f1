using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests;

/// <summary>
/// A plain copy of a running server's folder: its parts are taken at different moments, before and after samples became blocks and blocks were merged.
/// </summary>
public sealed class LiveCopyTests
{
    static readonly MetricStoreOptions Options = new() { RunsInBackground = false, Retention = null };

    public static TheoryData<bool, bool, bool> Moments()
    {
        var data = new TheoryData<bool, bool, bool>();
        for (int bits = 0; bits < 8; bits++) data.Add((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Open_CopyWhosePartsAreFromDifferentMoments_HasWhatWasThereAtFirst(bool lateManifest, bool lateBlocks, bool lateLog)
    {
        var clock = new ManualTimeProvider();
        var disk = new CrashableFileSystem(1);
        using var store = MetricStore.Open(disk, "data", Options, clock, NullLogger.Instance);
        for (int block = 0; block < 3; block++)
        {
            Append(store, block * 100, 100);
            store.Flush(default);
        }
        Append(store, 300, 100);
        Copy(disk, "early");
        store.Flush(default);
        store.Delete([StoreQueries.Matchers("{i=\"3\"}")], TimeRange.All, default);
        store.Maintain(default);        // merges the four blocks
        store.Maintain(default);
        Append(store, 400, 100);
        Copy(disk, "late");

        Take(disk, lateManifest ? "late" : "early", "MANIFEST");
        Take(disk, lateBlocks ? "late" : "early", "blocks");
        Take(disk, lateLog ? "late" : "early", "wal");
        using var copy = MetricStore.Open(disk, "mixed", Options, clock, NullLogger.Instance);
        var found = StoreQueries.Query(copy, "{__name__=\"m\"}");
        foreach (var (labels, samples) in found)
        {
            Assert.Equal(samples.Select(s => s.T).Distinct(), samples.Select(s => s.T));
            if (labels["i"] != "3") Assert.Equal(Enumerable.Range(0, 400).Select(t => (t * 1000L, (double)t)), samples.Where(s => s.T < 400_000));
        }
        Assert.True(found.Count(s => s.Labels["i"] != "3") == 9);
    }

    [Fact]
    public void Maintain_AfterAWhile_DeletesWhatWasReplaced()
    {
        var clock = new ManualTimeProvider();
        var disk = new CrashableFileSystem(1);
        using var store = MetricStore.Open(disk, "data", Options, clock, NullLogger.Instance);
        for (int block = 0; block < 4; block++)
        {
            Append(store, block * 100, 100);
            store.Flush(default);
        }
        store.Maintain(default);
        Assert.Equal(1, store.BlockCount);
        Assert.Equal((5, 4), (disk.ListFiles("data/blocks").Count, disk.ListFiles("data/wal").Count));
        clock.Advance(TimeSpan.FromMinutes(6));
        store.Maintain(default);
        Assert.Equal((1, 0), (disk.ListFiles("data/blocks").Count, disk.ListFiles("data/wal").Count));
    }

    [Fact]
    public void Close_LeavesNothingThatWasReplaced()
    {
        var disk = new CrashableFileSystem(1);
        var store = MetricStore.Open(disk, "data", Options, new ManualTimeProvider(), NullLogger.Instance);
        Append(store, 0, 100);
        store.Close(default);
        Assert.Equal((1, 0), (disk.ListFiles("data/blocks").Count, disk.ListFiles("data/wal").Count));
    }

    static void Append(MetricStore store, int from, int count)
    {
        var batch = new SampleBatch();
        for (int t = from; t < from + count; t++)
        {
            batch.Clear();
            for (int i = 0; i < 10; i++) batch.Add(store.Resolve(Labels.Of(("__name__", "m"), ("i", $"{i}"))), t * 1000L, t);
            store.Append(batch);
        }
    }

    static void Copy(CrashableFileSystem disk, string target)
    {
        foreach (string folder in (string[])["", "blocks", "wal"]) CopyFolder(disk, Path.Combine("data", folder), Path.Combine(target, folder));
    }

    static void Take(CrashableFileSystem disk, string from, string part)
    {
        if (part == "MANIFEST") CopyFile(disk, Path.Combine(from, part), Path.Combine("mixed", part));
        else CopyFolder(disk, Path.Combine(from, part), Path.Combine("mixed", part));
    }

    static void CopyFolder(CrashableFileSystem disk, string from, string to)
    {
        disk.CreateDirectory(to);
        foreach (string name in disk.ListFiles(from))
            if (name != "LOCK") CopyFile(disk, Path.Combine(from, name), Path.Combine(to, name));
    }

    static void CopyFile(CrashableFileSystem disk, string from, string to)
    {
        disk.CreateDirectory(Path.GetDirectoryName(to)!);
        using var file = disk.Create(to);
        file.Append(disk.ReadAll(from));
    }
}
