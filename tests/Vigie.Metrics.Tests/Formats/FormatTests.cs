using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics.Tests;

/// <summary>Stores of every version that was ever released can be read (tests/data/formats).</summary>
public sealed class FormatTests : IDisposable
{
    readonly string _copy = Directory.CreateTempSubdirectory("vigie-format-").FullName;

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    public static TheoryData<string> Versions() =>
        [.. Directory.GetDirectories(FormatsFolder).Select(static folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Open_StoreOfAnEarlierVersion_HasEverySample(string version)
    {
        CopyFolder(Path.Combine(FormatsFolder, version), _copy);
        using var store = Open(_copy);
        Check(store);
    }

    [Fact]
    public void Open_StoreOfThisVersion_HasEverySample()
    {
        GoldenStore.Write(new PhysicalFileSystem(), _copy, NullLogger.Instance);
        using (var store = Open(_copy)) Check(store);
        // With VIGIE_GOLDEN set, what a released version leaves for its successors.
        if (Environment.GetEnvironmentVariable("VIGIE_GOLDEN") is not { } target) return;
        Directory.CreateDirectory(target);
        GoldenStore.Write(new PhysicalFileSystem(), target, NullLogger.Instance);
    }

    static void Check(MetricStore store)
    {
        Assert.Equal(0, store.Replay.DamagedRecords);
        Assert.True(store.Replay.Samples > 0);
        foreach (string name in GoldenStore.Names) Assert.Equal(GoldenStore.Expected(name), GoldenStore.Read(store, name));
        Assert.NotEmpty(store.Exemplars([[new LabelMatcher(MatchType.Equal, "__name__", "native")]], TimeRange.All));
        Assert.True(store.RollupBytes > 0);
    }

    static MetricStore Open(string path) => MetricStore.Open(
        new PhysicalFileSystem(), path, GoldenStore.Options, new ManualTimeProvider(GoldenStore.Start.AddDays(1)), NullLogger.Instance);

    static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    static string FormatsFolder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Vigie.slnx"))) return Path.Combine(folder.FullName, "tests", "data", "formats");
            throw new InvalidOperationException("Vigie.slnx not found above " + AppContext.BaseDirectory);
        }
    }
}
