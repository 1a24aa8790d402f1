using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Metrics.Backup;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Backup;

public sealed class StoreBackupTests
{
    readonly CrashableFileSystem _disk = new(1);

    [Fact]
    public void Copy_Again_CopiesOnlyNewBlocksAndRestores()
    {
        using (var store = Open(_disk, "data"))
        {
            Append(store, 1);
            Assert.Equal((1, 0), Backup(store));
            Append(store, 2);
            Assert.Equal((1, 1), Backup(store));
        }
        Restore("restored");
        Assert.Empty(Verify("restored").Problems);
        using var restored = Open(_disk, "restored");
        Assert.Equal(2, restored.BlockList().Sum(block => block.Samples));
    }

    [Fact]
    public void Restore_IntoAFolderThatHoldsSomething_IsRefused()
    {
        using (var store = Open(_disk, "data"))
        {
            Append(store, 1);
            Backup(store);
        }
        Assert.Contains("data is not empty", Assert.Throws<InvalidDataException>(() => Restore("data")).Message);
    }

    [Fact]
    public void Verify_FlippedBit_IsFoundAndNamed()
    {
        using (var store = Open(_disk, "data"))
        {
            Append(store, 1);
            store.Flush(TestContext.Current.CancellationToken);
        }
        Assert.Empty(Verify("data").Problems);
        string block = _disk.ListFiles("data/blocks").Single(name => name.EndsWith(".block", StringComparison.Ordinal));
        _disk.Poke($"data/blocks/{block}", 17, 0x7f);
        Assert.Contains("1 damaged pages", Assert.Single(Verify("data").Problems));
    }

    [Fact]
    public void Open_AStoreThatIsOpen_IsRefusedUntilItIsClosed()
    {
        string path = Path.Combine(Path.GetTempPath(), "vigie-lock-" + Guid.NewGuid().ToString("n"));
        try
        {
            using (Open(PhysicalFileSystem.Instance, path))
                Assert.Contains("is in use by another process", Assert.Throws<StoreInUseException>(() => Open(PhysicalFileSystem.Instance, path)).Message);
            Open(PhysicalFileSystem.Instance, path).Dispose();
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    static MetricStore Open(IFileSystem files, string path) => MetricStore.Open(
        files, path, new MetricStoreOptions { RunsInBackground = false, Retention = null }, new ManualTimeProvider(), NullLogger.Instance);

    static void Append(MetricStore store, int second)
    {
        var batch = new SampleBatch();
        batch.Add(store.Resolve(Labels.Of(("__name__", "up"))), second * 1000, second);
        store.Append(batch);
    }

    (int Copied, int Present) Backup(MetricStore store)
    {
        string name = store.Snapshot(skipHead: false, TestContext.Current.CancellationToken);
        var result = new StoreBackup(_disk, static (_, _) => { }).Copy($"data/snapshots/{name}", "backup", TestContext.Current.CancellationToken);
        return (result.Copied, result.Present);
    }

    void Restore(string target) => new StoreBackup(_disk, static (_, _) => { }).Restore("backup", target, TestContext.Current.CancellationToken);

    VerificationResult Verify(string path) => StoreVerification.Run(_disk, path, static (_, _) => { }, TestContext.Current.CancellationToken);
}
