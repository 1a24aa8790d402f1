using Vigie.Testing;

namespace Vigie.Storage.Tests.Files;

/// <summary>Both file systems do the same.</summary>
public sealed class FileSystemTests : IDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), "vigie-storage-" + Guid.NewGuid().ToString("n"));

    public void Dispose() => PhysicalFileSystem.Instance.DeleteDirectory(_folder);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_AreWrittenRenamedLinkedMappedAndDeleted(bool physical)
    {
        IFileSystem files = physical ? PhysicalFileSystem.Instance : new CrashableFileSystem(1);
        string root = physical ? _folder : "root";
        string a = Path.Combine(root, "sub", "a"), b = Path.Combine(root, "sub", "b"), c = Path.Combine(root, "sub", "c");
        files.CreateDirectory(Path.Combine(root, "sub"));
        Assert.Equal(["sub"], files.ListDirectories(root));
        using (var file = files.Create(a))
        {
            file.Append([1, 2, 3, 4]);
            file.Sync();
            file.Truncate(3);
            file.Append([5]);
            Assert.Equal(4, file.Length);
        }
        using (var file = files.OpenAppend(a)) file.Append([6]);
        Assert.Equal([1, 2, 3, 5, 6], files.ReadAll(a));
        files.Rename(a, b);
        files.Link(b, c);
        files.SyncDirectory(Path.Combine(root, "sub"));
        Assert.False(files.FileExists(a));
        Assert.Equal(["b", "c"], files.ListFiles(Path.Combine(root, "sub")));
        using (var map = files.Map(c))
        {
            files.DeleteFile(c);
            Assert.Equal([3, 5], map.Slice(2, 2).ToArray());
            map.ReleasePages();
            Assert.Equal([3, 5], map.Slice(2, 2).ToArray());
            Assert.Throws<ArgumentOutOfRangeException>(() => map.Slice(4, 2).Length);
        }
        using (var read = files.OpenRead(b))
        {
            var bytes = new byte[10];
            Assert.Equal(2, read.ReadAt(3, bytes));
            Assert.Equal(5, bytes[0]);
        }
        files.WriteAtomic(b, [9]);
        Assert.Equal(1, files.SizeOf(b));
        files.WriteSynced(a, [8]);
        using (files.Create(Path.Combine(root, "sub", "x.tmp")))
        {
        }
        Assert.Equal(1, files.DeleteUnfinished(Path.Combine(root, "sub")));
        files.DeleteDirectory(root);
        Assert.False(files.FileExists(b));
        Assert.Empty(files.ListFiles(Path.Combine(root, "sub")));
        Assert.Throws<DirectoryNotFoundException>(() => files.Create(a));
    }

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void WriteAtomic_AtAPowerCut_LeavesTheOldOrTheNewBytes(ulong seed)
    {
        var random = new SeededRandom(seed);
        var disk = new CrashableFileSystem(seed);
        disk.CreateDirectory("d");
        byte[] old = random.NextBytes(1000), young = random.NextBytes(2000);
        disk.WriteAtomic("d/f", old);
        disk.DiesAfter = random.Next(0, 6);
        bool done = true;
        try
        {
            disk.WriteAtomic("d/f", young);
        }
        catch (IOException)
        {
            done = false;
        }
        var found = disk.AfterPowerCut(50).ReadAll("d/f");
        Assert.True(found.SequenceEqual(young) || (!done && found.SequenceEqual(old)), $"seed {seed}");
    }

    [Fact]
    public void AfterPowerCut_OfUnsyncedBytes_NothingSurvivesAtZeroPercent()
    {
        var disk = new CrashableFileSystem(1);
        disk.CreateDirectory("d");
        disk.WriteSynced("d/f", [1, 2]);
        using (var file = disk.OpenAppend("d/f")) file.Append([3, 4]);
        using (disk.Create("d/new"))
        {
        }
        Assert.Equal([1, 2, 3, 4], disk.AfterKill().ReadAll("d/f"));
        var disk2 = new CrashableFileSystem(1);
        disk2.CreateDirectory("d");
        disk2.WriteSynced("d/f", [1, 2]);
        using (var file = disk2.OpenAppend("d/f")) file.Append([3, 4]);
        using (disk2.Create("d/new"))
        {
        }
        var after = disk2.AfterPowerCut(0);
        Assert.Equal([1, 2], after.ReadAll("d/f"));
        Assert.False(after.FileExists("d/new"));
    }
}
