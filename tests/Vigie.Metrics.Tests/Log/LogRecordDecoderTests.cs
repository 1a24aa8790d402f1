using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Log;

public sealed class LogRecordDecoderTests
{
    const string Segment = "data/wal/00000001.log";

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    sealed class Sent
    {
        public List<(string Series, long TimestampMs, double Value)> Samples { get; } = [];
        public int Histograms { get; set; }
        public int Exemplars { get; set; }
    }

    /// <summary>The log of a store that got pages, loose samples, histograms and exemplars.</summary>
    static (CrashableFileSystem Disk, Sent Sent) LogOf(SeededRandom random)
    {
        var disk = new CrashableFileSystem(random.NextUInt64());
        var sent = new Sent();
        var options = new MetricStoreOptions { RunsInBackground = false, Retention = null };
        using var store = MetricStore.Open(disk, "data", options, TimeProvider.System, NullLogger.Instance);
        var series = Enumerable.Range(0, 60).Select(i => Labels.Of(("__name__", $"m{i % 7}"), ("i", $"{i}"))).ToArray();
        for (int turn = 1; turn <= 30; turn++)
        {
            int from = random.Next(3) * 20, count = random.Pick(3, 20);
            bool loose = random.Chance(30);
            var batch = new SampleBatch { RepeatsShape = !loose };
            for (int i = from; i < from + count; i++)
            {
                long timestamp = turn * 1000L + (loose ? i : 0);
                double value = random.NextSampleValue();
                batch.Add(store.Resolve(series[i]), timestamp, value);
                sent.Samples.Add((series[i].ToString(), timestamp, value));
            }
            if (random.Chance(30))
            {
                var histogram = store.Resolve(Labels.Of(("__name__", "h")));
                batch.Add(histogram, turn * 1000L, new FloatHistogram { Count = turn, PositiveSpans = [new(0, 1)], PositiveBuckets = [turn] });
                batch.AddExemplar(histogram, new Exemplar(Labels.Of(("trace", "x")), 7, turn * 1000L, true));
                sent.Histograms++;
                sent.Exemplars++;
            }
            Assert.Equal(batch.Count, store.Append(batch).Stored);
        }
        return (disk, sent);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TryDecode_EveryRecord_GivesWhatWasAppended(ulong seed)
    {
        var (disk, sent) = LogOf(new SeededRandom(seed));
        var decoder = new LogRecordDecoder();
        var names = new Dictionary<int, string>();
        var samples = new List<(string, long, double)>();
        int histograms = 0, exemplars = 0;
        var records = new LogSegmentReader(disk.ReadAll(Segment));
        while (records.TryRead(out var payload))
        {
            Assert.True(decoder.TryDecode(payload));
            foreach (var (number, labels) in decoder.Series) names[number] = labels.ToString();
            if (decoder.Kind == LogRecordKind.Histograms) histograms++;
            else if (decoder.Kind == LogRecordKind.Exemplars) exemplars++;
            else
            {
                for (int i = 0; i < decoder.Values.Length; i++)
                    samples.Add((names[decoder.Numbers[i]], decoder.Timestamps[i], decoder.Values[i]));
            }
        }
        decoder.Clear();
        Assert.Equal((sent.Histograms, sent.Exemplars), (histograms, exemplars));
        Assert.Equal(sent.Samples.Order(), samples.Order());
    }

    /// <summary>Bytes that a checksum did not stop: part of a record or nothing, and never more numbers than samples.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void TryDecode_DamagedRecords_NeverFailsOtherwise(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (disk, _) = LogOf(random);
        byte[] segment = disk.ReadAll(Segment);
        int unusable = 0;
        for (int round = 0; round < 20; round++)
        {
            var decoder = new LogRecordDecoder();
            var records = new LogSegmentReader(segment);
            while (records.TryRead(out var payload))
            {
                byte[] bytes = payload.ToArray();
                if (random.Chance(20)) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                if (random.Chance(5)) bytes = bytes[..random.Next(1, bytes.Length + 1)];
                bool whole = decoder.TryDecode(bytes);
                if (!whole) unusable++;
                if (!whole || decoder.Kind is LogRecordKind.Series or LogRecordKind.Page) Assert.Equal(0, decoder.Values.Length);
                Assert.Equal((decoder.Values.Length, decoder.Values.Length), (decoder.Numbers.Length, decoder.Timestamps.Length));
                if (decoder.Kind == LogRecordKind.Page && whole && random.Chance(10)) decoder.DropPage();
            }
            decoder.Clear();
        }
        Assert.NotEqual(0, unusable);
    }

    [Fact]
    public void TryDecode_SamplesOfADroppedPage_CannotBeUsed()
    {
        var (disk, _) = LogOf(new SeededRandom(1));
        var decoder = new LogRecordDecoder();
        var records = new LogSegmentReader(disk.ReadAll(Segment));
        int rows = 0;
        while (records.TryRead(out var payload))
        {
            bool whole = decoder.TryDecode(payload);
            if (decoder.Kind == LogRecordKind.Page) decoder.DropPage();
            if (decoder.Kind != LogRecordKind.PageSamples) continue;
            Assert.False(whole);
            rows++;
        }
        Assert.NotEqual(0, rows);
    }
}
