using System.Globalization;
using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Testing;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics.Tests;

/// <summary>
/// What is in the stores under <c>tests/data/formats/v*</c>: blocks with every chunk encoding, deleted samples, aggregates, and a log with every kind
/// of record. Written once per released format version, and never again.
/// </summary>
static class GoldenStore
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static MetricStoreOptions Options { get; } = new()
    {
        RunsInBackground = false,
        Retention = null,
        OutOfOrderWindow = TimeSpan.FromHours(1),
        Downsampling = [new DownsamplingRule(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), null, [])],
    };

    /// <summary>Names of the series, which differ in what their values are like.</summary>
    public static string[] Names { get; } = ["constant", "counter_total", "decimal", "noise", "odd", "late", "native"];

    const int StepMs = 15_000, BlockSteps = 1000, LogSteps = 100;

    public static void Write(Storage.IFileSystem files, string path, ILogger logger)
    {
        var clock = new ManualTimeProvider(Start.AddMilliseconds((BlockSteps + LogSteps) * (long)StepMs));
        using var store = MetricStore.Open(files, path, Options, clock, logger);
        for (int step = 0; step < BlockSteps; step++) Append(store, step);
        store.Flush(default);
        for (int i = 0; i < 10; i++) store.Maintain(default);
        for (int step = BlockSteps; step < BlockSteps + LogSteps; step++) Append(store, step);
        store.Delete([[new LabelMatcher(MatchType.Equal, "__name__", "decimal")]], DeletedRange, default);
        for (int step = BlockSteps + LogSteps; step < BlockSteps + (2 * LogSteps); step++) Append(store, step);
    }

    /// <summary>The samples of a series as they must be read, text by text.</summary>
    public static IEnumerable<string> Expected(string name)
    {
        for (int step = 0; step < BlockSteps + (2 * LogSteps); step++)
        {
            long time = TimeOf(step);
            if (name == "decimal" && DeletedRange.Contains(time)) continue;
            if (name == "native") yield return Text(time, HistogramOf(step));
            else yield return Text(time, ValueOf(name, step));
        }
    }

    public static IEnumerable<string> Read(MetricStore store, string name)
    {
        using var set = store.Select([new LabelMatcher(MatchType.Equal, "__name__", name)], TimeRange.All, default, default);
        var columns = new SampleColumns();
        for (int i = 0; i < set.Count; i++) set.Read(i, columns);
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns.HasHistograms && columns.Histograms[i] is { } histogram) yield return Text(columns.Timestamps[i], histogram);
            else yield return Text(columns.Timestamps[i], columns.Values[i]);
        }
    }

    static TimeRange DeletedRange { get; } = new(TimeOf(100), TimeOf(199));

    static void Append(MetricStore store, int step)
    {
        var page = new SampleBatch { RepeatsShape = true };
        foreach (string name in Names)
        {
            if (name is "late" or "native") continue;
            page.Add(SeriesOf(store, name), TimeOf(step), ValueOf(name, step));
        }
        for (int i = 0; i < 8; i++) page.Add(SeriesOf(store, "filler", i), TimeOf(step), i);      // enough series for a shared column
        store.Append(page);
        var loose = new SampleBatch();
        loose.Add(SeriesOf(store, "native"), TimeOf(step), HistogramOf(step));
        loose.AddExemplar(SeriesOf(store, "native"), new Exemplar(Labels.Of(("trace_id", "4bf92f")), 0.25, TimeOf(step), true));
        // Each fourth sample of this one comes after those that follow it.
        if (step % 4 == 3)
            foreach (int late in (int[])[step - 2, step - 1, step, step - 3]) loose.Add(SeriesOf(store, "late"), TimeOf(late), ValueOf("late", late));
        store.Append(loose);
    }

    static SeriesRef SeriesOf(MetricStore store, string name, int instance = 0) =>
        store.Resolve(Labels.Of(("__name__", name), ("instance", instance.ToString(CultureInfo.InvariantCulture)), ("region", "é☃")));

    static long TimeOf(int step) => Start.ToUnixTimeMilliseconds() + ((long)step * StepMs);

    static double ValueOf(string name, int step) => name switch
    {
        "constant" => 42,
        "counter_total" => (step % 700) * 3,
        "decimal" => Math.Round(step * 0.37 % 11, 2),
        "noise" => BitConverter.Int64BitsToDouble(0x3ff0_0000_0000_0000 | (long)(new SeededRandom((ulong)step).NextUInt64() >> 12)),
        "odd" => (step % 6) switch
        {
            0 => double.NaN,
            1 => StaleMarker.Value,
            2 => double.PositiveInfinity,
            3 => -0.0,
            4 => 1e-300,
            _ => 0.1 + 0.2,
        },
        _ => step,
    };

    static FloatHistogram HistogramOf(int step) => new()
    {
        Schema = 3, Count = 6 + step, Sum = 1.5 * step, ZeroCount = 1, ZeroThreshold = 1e-9,
        PositiveSpans = [new(-2, 2), new(3, 1)], PositiveBuckets = [1, 3, 1 + step],
    };

    static string Text(long time, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{time} {BitConverter.DoubleToUInt64Bits(value):x16}");

    static string Text(long time, FloatHistogram histogram) => string.Create(CultureInfo.InvariantCulture, $"{time} {histogram}");
}
