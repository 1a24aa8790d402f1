using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Metrics.Interchange;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Interchange;

/// <summary>Out as Prometheus' blocks and in again; the end-to-end tests do the same with the real Prometheus in between.</summary>
public sealed class PrometheusInterchangeTests
{
    const long Start = 1_795_844_640_000;
    static readonly MetricStoreOptions Options = new() { RunsInBackground = false, Retention = null };

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ExportThenImport_AnyStore_HasTheSameSamples(ulong seed)
    {
        var disk = new CrashableFileSystem(seed);
        using var source = Open(disk, "source");
        Fill(source, new SeededRandom(seed));
        var exported = Export(disk, source);
        Assert.True(exported.Blocks > 1);
        using var target = Open(disk, "target");
        var imported = Import(disk, target);
        Assert.Empty(imported.Skipped);
        Assert.Equal(exported.Samples, imported.Samples);
        Assert.Equal(Dump(source), Dump(target));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Import_EndedAnywhereAndRepeated_TakesEverythingOnce(ulong seed)
    {
        var random = new SeededRandom(seed);
        var disk = new CrashableFileSystem(seed);
        string expected;
        long samples;
        using (var source = Open(disk, "source"))
        {
            Fill(source, random);
            samples = Export(disk, source).Samples;
            expected = Dump(source);
        }
        for (int life = 0; life < 4; life++)
        {
            disk.DiesAfter = random.Next(5, 60);
            try
            {
                using var store = Open(disk, "target");
                Import(disk, store);
            }
            catch (IOException)
            {
                // The disk died.
            }
            disk = disk.AfterKill();
        }
        using var target = Open(disk, "target");
        Import(disk, target);
        Assert.Equal(expected, Dump(target));
        Assert.Equal(samples, target.BlockList().Sum(block => block.Samples));
    }

    [Fact]
    public void Export_Repeated_ReplacesItsBlocks()
    {
        var disk = new CrashableFileSystem(1);
        using var store = Open(disk, "source");
        Fill(store, new SeededRandom(1));
        Export(disk, store);
        var before = disk.ListDirectories("prometheus");
        Export(disk, store);
        Assert.Equal(before, disk.ListDirectories("prometheus"));
    }

    [Fact]
    public void Import_DamagedChunk_LeavesItOutAndSaysSo()
    {
        var disk = new CrashableFileSystem(1);
        using var source = Open(disk, "source");
        Fill(source, new SeededRandom(1));
        Export(disk, source);
        string block = disk.ListDirectories("prometheus")[0];
        disk.Poke($"prometheus/{block}/chunks/000001", 20, 0x55);
        disk.Poke($"prometheus/{block}/chunks/000001", 21, 0x55);
        using var target = Open(disk, "target");
        Assert.Equal([$"{block}: 1 damaged chunks"], Import(disk, target).Skipped);
    }

    [Fact]
    public void Import_LogWithTornTail_TakesWhatIsWhole()
    {
        var disk = new CrashableFileSystem(1);
        var series = new ByteBuffer();
        series.WriteByte(1);
        series.WriteBig(7ul);
        series.WriteVarint(1);
        series.WriteText("__name__");
        series.WriteText("up");
        var samples = new ByteBuffer();
        samples.WriteByte(2);
        samples.WriteBig(7ul);
        samples.WriteBig((ulong)Start);
        for (int i = 0; i < 3; i++)
        {
            samples.WriteSigned(0);
            samples.WriteSigned(i * 1000);
            samples.WriteBig(BitConverter.DoubleToUInt64Bits(i));
        }
        var segment = new ByteBuffer();
        WriteFragment(segment, series);
        WriteFragment(segment, samples);
        WriteFragment(segment, samples);
        disk.CreateDirectory("prometheus/wal");
        disk.WriteSynced("prometheus/wal/00000000", segment.Written[..^5]);

        using var target = Open(disk, "target");
        var result = Import(disk, target);
        Assert.Equal((1, 1L, 3L), (result.Blocks, result.Series, result.Samples));
        Assert.Contains("a torn fragment", Assert.Single(result.Skipped));
        Assert.Equal($"{{__name__=\"up\"}}\n {Start} 0\n {Start + 1000} 1\n {Start + 2000} 2\n", Dump(target));
        Assert.Equal((0, 1), (Import(disk, target).Blocks, Import(disk, target).BlocksBefore));
    }

    [Fact]
    public void Import_FolderThatIsNone_IsRefused()
    {
        var disk = new CrashableFileSystem(1);
        disk.CreateDirectory("prometheus");
        using var target = Open(disk, "target");
        Assert.Contains("found neither blocks nor a folder wal", Assert.Throws<InvalidDataException>(() => Import(disk, target)).Message);
    }

    static void WriteFragment(ByteBuffer segment, ByteBuffer record)
    {
        segment.WriteByte(1);
        BinaryPrimitives.WriteUInt16BigEndian(segment.Extend(2), (ushort)record.Length);
        segment.WriteBig(Crc32C.Of(record.Written));
        segment.WriteBytes(record.Written);
    }

    static MetricStore Open(CrashableFileSystem disk, string path) =>
        MetricStore.Open(disk, path, Options, new ManualTimeProvider(), NullLogger.Instance);

    static PrometheusExportResult Export(CrashableFileSystem disk, MetricStore store) =>
        new PrometheusExport(disk, store, static (_, _) => { }).Run("prometheus", new TimeRange(store.OldestMs, store.NewestMs), TestContext.Current.CancellationToken);

    static PrometheusImportResult Import(CrashableFileSystem disk, MetricStore store) =>
        new PrometheusImport(disk, store, "target", static (_, _) => { }).Run("prometheus", TestContext.Current.CancellationToken);

    static void Fill(MetricStore store, SeededRandom random)
    {
        var batch = new SampleBatch();
        var counts = new double[12];
        for (int step = 0; step < 400; step++)
        {
            batch.Clear();
            long time = Start + (step * 60_000);
            for (int i = 0; i < 12; i++)
            {
                var series = store.Resolve(Labels.Of(("__name__", $"m{i % 4}"), ("instance", $"é{i}")));
                counts[i] += random.Next(5);
                if (random.Next(100) == 0) batch.Add(series, time, StaleMarker.Value);
                else if (i < 8) batch.Add(series, time, random.Next(10) == 0 ? BitConverter.UInt64BitsToDouble(random.NextUInt64()) : counts[i]);
                else batch.Add(series, time, new FloatHistogram
                {
                    Schema = 2, Count = counts[i], Sum = counts[i] / 3, PositiveSpans = [new(1, 1)], PositiveBuckets = [counts[i]],
                });
            }
            store.Append(batch);
            if (step == 150) store.Flush(TestContext.Current.CancellationToken);
        }
    }

    static string Dump(MetricStore store)
    {
        var text = new System.Text.StringBuilder();
        var columns = new SampleColumns();
        using var found = store.Select([], TimeRange.All, default, TestContext.Current.CancellationToken);
        for (int i = 0; i < found.Count; i++)
        {
            columns.Clear();
            found.Read(i, columns);
            text.Append(found.LabelsOf(i)).Append('\n');
            for (int s = 0; s < columns.Count; s++)
            {
                string value = columns.HasHistograms && columns.Histograms[s] is { } histogram ? histogram.ToString()
                    : double.IsNaN(columns.Values[s]) ? $"{BitConverter.DoubleToUInt64Bits(columns.Values[s]):x}" : GoNumber.FormatGeneral(columns.Values[s]);
                text.Append(' ').Append(columns.Timestamps[s]).Append(' ').Append(value).Append('\n');
            }
        }
        return text.ToString();
    }
}
