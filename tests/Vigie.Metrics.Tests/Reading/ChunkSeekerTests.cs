using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Reading;

/// <summary>Reading a chunk from the middle, when nothing is known of it and when a place is.</summary>
public sealed class ChunkSeekerTests
{
    const long StartMs = 1_700_000_000_000, StepMs = 15_000;
    const int Samples = 500;

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_FromAnyStart_AgainAndAgain_GivesTheSamples(ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new List<double>();
        double last = 0;
        using var store = MetricStore.Open(new CrashableFileSystem(seed), "data", new MetricStoreOptions { RunsInBackground = false },
            new ManualTimeProvider(), NullLogger.Instance);
        for (int i = 0; i < Samples; i++)
        {
            values.Add(last = random.Next(8) switch { < 4 => last + random.Next(50), < 7 => last, _ => random.NextSampleValue() });
            Append(store, i, last);
            // The chunk grows while places in it are remembered.
            if (i % 37 == 0) Check(store, values, random.Next(i + 1));
        }
        for (int start = 0; start < Samples; start++) Check(store, values, start);
        for (int i = 0; i < Samples; i++) Check(store, values, random.Next(Samples));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_OfABlockFromAnyStart_AgainAndAgain_GivesTheSamples(ulong seed)
    {
        var random = new SeededRandom(seed);
        // Counters become packed increments, gauges packed numbers, values that mostly rest a stream of bits.
        Func<double, double>[] shapes = [last => last + random.Next(1, 50), _ => random.Next(1000), last => random.Chance(70) ? last : last + 0.5];
        foreach (var next in shapes)
        {
            var values = new List<double>();
            double last = 0;
            using var store = MetricStore.Open(new CrashableFileSystem(seed), "data", new MetricStoreOptions { RunsInBackground = false },
                new ManualTimeProvider(), NullLogger.Instance);
            for (int i = 0; i < Samples; i++)
            {
                values.Add(last = next(last));
                Append(store, i, last);
            }
            store.Flush(default);
            for (int i = 0; i < Samples; i++) Check(store, values, random.Next(Samples));
            for (int start = 0; start < Samples; start++) Check(store, values, start);
        }
    }

    [Fact]
    public void Read_ByManyThreads_GivesTheSamples()
    {
        using var store = MetricStore.Open(
            new CrashableFileSystem(1), "data", new MetricStoreOptions { RunsInBackground = false }, new ManualTimeProvider(), NullLogger.Instance);
        var values = Enumerable.Range(0, Samples).Select(i => i * 1.5).ToList();
        for (int i = 0; i < Samples; i++) Append(store, i, values[i]);
        Parallel.For(0, 4 * Samples, i => Check(store, values, i * 7 % Samples));
    }

    static void Append(MetricStore store, int index, double value)
    {
        // Two series of one page: their timestamps are shared.
        var batch = new SampleBatch { RepeatsShape = true };
        foreach (string name in (string[])["a", "b"]) batch.Add(store.Resolve(Labels.Of(("__name__", name))), StartMs + index * StepMs, value);
        Assert.Equal(2, store.Append(batch).Stored);
    }

    static void Check(MetricStore store, List<double> values, int start)
    {
        var range = new TimeRange(StartMs + start * StepMs, long.MaxValue);
        foreach (var (_, samples) in StoreQueries.Query(store, "{__name__=~\"a|b\"}", range))
            Assert.Equal(values.Skip(start).Select(BitConverter.DoubleToUInt64Bits), samples.Select(sample => BitConverter.DoubleToUInt64Bits(sample.V)));
    }
}
