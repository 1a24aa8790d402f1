using System.Buffers.Binary;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Protocols.Tests.RemoteWrite;

public class RemoteWriteReceiverTests
{
    readonly RecordingSink _sink = new();

    [Fact]
    public void AppendV1_KnownSeries_IsRecognisedByItsBytes()
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] labels = [.. Message(1, Label("__name__", "up")), .. Message(1, Label("job", "api"))];
        var first = receiver.AppendV1(Message(1, [.. labels, .. Message(2, Sample(1, 1000))]));
        var second = receiver.AppendV1(Message(1, [.. labels, .. Message(2, Sample(2, 2000)), .. Message(2, Sample(3, 3000))]));
        Assert.Equal((1, null, 2, null), (first.Samples, first.Problem, second.Samples, second.Problem));
        Assert.Equal(["{__name__=\"up\", job=\"api\"}"], _sink.Resolved);
        Assert.Equal([(1UL, 1000L, 1.0), (1UL, 2000L, 2.0), (1UL, 3000L, 3.0)], _sink.Samples);
    }

    [Fact]
    public void AppendV1_LabelsThatBeginWithThoseOfTheExpectedSeries_AreAnotherSeries()
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] up = Message(1, Label("__name__", "up")), job = Message(1, Label("job", "api")), down = Message(1, Label("__name__", "down"));
        byte[] first = [.. Message(1, [.. down, .. Message(2, Sample(1, 1000))]), .. Message(1, [.. up, .. Message(2, Sample(2, 1000))])];
        byte[] longer = [.. Message(1, [.. down, .. Message(2, Sample(3, 2000))]), .. Message(1, [.. up, .. job, .. Message(2, Sample(4, 2000))])];
        foreach (byte[] message in (byte[][])[first, longer, first, longer]) Assert.Null(receiver.AppendV1(message).Problem);
        Assert.Equal(["{__name__=\"down\"}", "{__name__=\"up\"}", "{__name__=\"up\", job=\"api\"}"], _sink.Resolved);
        Assert.Equal([1UL, 2, 1, 3, 1, 2, 1, 3], _sink.Samples.Select(sample => sample.Item1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Append_SeriesTheStoreDropped_IsResolvedAgainAndStoredOnce(bool version2)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] message = version2
            ? [.. Message(4, []), .. Message(4, "__name__"u8), .. Message(4, "up"u8), .. Message(4, "down"u8),
                .. Message(5, [.. Message(1, [1, 2]), .. Message(2, Sample(1, 9)), .. Message(2, Sample(2, 10))]),
                .. Message(5, [.. Message(1, [1, 3]), .. Message(2, Sample(3, 9))])]
            : [.. Message(1, [.. Message(1, Label("__name__", "up")), .. Message(2, Sample(1, 9)), .. Message(2, Sample(2, 10))]),
                .. Message(1, [.. Message(1, Label("job", "no name")), .. Message(2, Sample(7, 9))]),
                .. Message(1, [.. Message(1, Label("__name__", "down")), .. Message(2, Sample(3, 9))])];
        Append(receiver, message);
        Assert.Equal([(1UL, 9L, 1.0), (1UL, 10L, 2.0), (2UL, 9L, 3.0)], _sink.Samples);
        _sink.Samples.Clear();
        _sink.Dropped = 1;
        var result = Append(receiver, message);
        Assert.Equal((3, !version2), (result.Samples, result.Problem is not null));
        Assert.Equal([(2UL, 9L, 3.0), (3UL, 9L, 1.0), (3UL, 10L, 2.0)], _sink.Samples);
        _sink.Samples.Clear();
        Append(receiver, message);
        Assert.Equal([(3UL, 9L, 1.0), (3UL, 10L, 2.0), (2UL, 9L, 3.0)], _sink.Samples);

        RemoteWriteResult Append(RemoteWriteReceiver to, byte[] bytes) => version2 ? to.AppendV2(bytes) : to.AppendV1(bytes);
    }

    public static TheoryData<ulong> Seeds => [.. Vigie.Testing.SeededRandom.Seeds(10)];

    /// <summary>Whatever the order of series from request to request: every sample goes to the series its labels name.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void AppendV1_SeriesInChangingOrder_GoWhereTheirLabelsSay(ulong seed)
    {
        var random = new Vigie.Testing.SeededRandom(seed);
        var cache = new SeriesKeyCache(entriesMax: random.Pick(7, 1000));
        var receivers = new[] { new RemoteWriteReceiver(_sink, cache), new RemoteWriteReceiver(_sink, cache) };
        for (int request = 0; request < 100; request++)
        {
            var message = new List<byte>();
            var expected = new List<string>();
            int first = random.Next(20);
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                first = random.Chance(80) ? first + 1 : random.Next(20);
                string value = new('x', first % 20);
                expected.Add($"{{__name__=\"up\", a=\"{first % 5}\"{(value.Length > 0 ? $", b=\"{value}\"" : "")}}}");
                byte[] labels = [.. Message(1, Label("__name__", "up")), .. Message(1, Label("a", (first % 5).ToString()))];
                if (value.Length > 0) labels = [.. labels, .. Message(1, Label("b", value))];
                message.AddRange(Message(1, [.. labels, .. Message(2, Sample(random.Next(100), 1000 + request))]));
            }
            _sink.Samples.Clear();
            random.Pick(receivers).AppendV1(message.ToArray());
            Assert.Equal(expected, _sink.Samples.Select(sample => _sink.Resolved[(int)sample.Item1 - 1]));
        }
    }

    [Theory]
    [InlineData(new byte[] { 16, 7 }, 0.0, 7)]                                      // a value of 0 is not written
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 240, 63 }, 1.0, 0)]
    [InlineData(new byte[] { 16, 7, 9, 0, 0, 0, 0, 0, 0, 240, 63 }, 1.0, 7)]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 240, 63, 16, 136, 39 }, 1.0, 5000)]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 240, 63, 16, 135, 39, 16, 136, 39 }, 1.0, 5000)]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 240, 63, 16, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 }, 1.0, -1)]
    public void AppendV1_SampleHoweverWritten_IsRead(byte[] sample, double value, long timestampMs)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        receiver.AppendV1(Message(1, [.. Message(1, Label("__name__", "up")), .. Message(2, sample)]));
        Assert.Equal([(1UL, timestampMs, value)], _sink.Samples);
    }

    [Fact]
    public void AppendV1_LabelsInAnyOrder_AreTaken()
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        var result = receiver.AppendV1(Message(1, [.. Message(1, Label("job", "a")), .. Message(1, Label("__name__", "up")), .. Message(2, Sample(1, 1000))]));
        Assert.Null(result.Problem);
        Assert.Equal(["{__name__=\"up\", job=\"a\"}"], _sink.Resolved);
    }

    [Fact]
    public void AppendV2_Exemplar_IsRead()
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] symbols = [.. Message(4, []), .. Message(4, "__name__"u8), .. Message(4, "up"u8), .. Message(4, "trace_id"u8), .. Message(4, "abc"u8)];
        byte[] exemplar = [.. Message(1, [3, 4]), 17, 0, 0, 0, 0, 0, 0, 240, 63, 24, 7];
        var result = receiver.AppendV2([.. symbols, .. Message(5, [.. Message(1, [1, 2]), .. Message(2, Sample(5, 9)), .. Message(4, exemplar)])]);
        Assert.Equal((1, 1, null), (result.Samples, result.Exemplars, result.Problem));
    }

    [Theory]
    [InlineData("__name__", "up", "__name__", "down", "twice")]
    [InlineData("a", "b", "job", "api", "no metric name")]
    public void AppendV1_BadLabels_RefusesThatSeriesOnly(string name1, string value1, string name2, string value2, string expected)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] bad = [.. Message(1, Label(name1, value1)), .. Message(1, Label(name2, value2)), .. Message(2, Sample(1, 1000))];
        byte[] good = [.. Message(1, Label("__name__", "up")), .. Message(2, Sample(7, 1000))];
        var result = receiver.AppendV1([.. Message(1, bad), .. Message(1, good)]);
        Assert.Contains(expected, result.Problem);
        Assert.Equal([(1UL, 1000L, 7.0)], _sink.Samples);
    }

    [Fact]
    public void AppendV2_SymbolsAreLookedUp()
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] symbols = [.. Message(4, []), .. Message(4, "__name__"u8), .. Message(4, "up"u8), .. Message(4, "helpful"u8)];
        byte[] series = [.. Message(1, [1, 2]), .. Message(2, Sample(5, 9)), .. Message(5, [8, 2, 24, 3])];
        var result = receiver.AppendV2([.. symbols, .. Message(5, series)]);
        Assert.Null(result.Problem);
        Assert.Equal([(1UL, 9L, 5.0)], _sink.Samples);
        Assert.Equal(("up", new MetricMetadata("gauge", "helpful", "")), _sink.Metadata);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void AppendV2_StartTimestamp_BecomesAZeroIfWanted(bool wanted, bool inSample)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache(), wanted);
        byte[] symbols = [.. Message(4, []), .. Message(4, "__name__"u8), .. Message(4, "up"u8)];
        byte[] sample = inSample ? [.. Sample(5, 9), 24, 4] : Sample(5, 9);
        byte[] series = [.. Message(1, [1, 2]), .. Message(2, sample), .. (ReadOnlySpan<byte>)(inSample ? [] : [48, 4])];
        var result = receiver.AppendV2([.. symbols, .. Message(5, series)]);
        Assert.Equal((null, 1), (result.Problem, result.Samples));
        Assert.Equal(wanted ? [(1UL, 4L, 0.0), (1UL, 9L, 5.0)] : [(1UL, 9L, 5.0)], _sink.Samples);
    }

    [Fact]
    public void AppendV1_EveryPrefixOfAMessage_IsRefusedOrAccepted_NeverWorse()
    {
        byte[] message = Message(1, [.. Message(1, Label("__name__", "up")), .. Message(2, Sample(1, 1000))]);
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        for (int length = 1; length < message.Length; length++)
        {
            byte[] prefix = message[..length];
            Assert.Throws<ProtocolException>(() => receiver.AppendV1(prefix));
        }
    }

    [Theory]
    [InlineData(new byte[] { 88, 7 }, "proto: wrong wireType = 0 for field 11, expected 2, at byte 1")]
    [InlineData(new byte[] { 106, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "proto: unexpected end of input at byte 8")]
    [InlineData(new byte[] { 90, 4, 16, 161, 156, 1 }, "histogram: positive side: found a span of 20001 buckets, expected at most 20000")]
    public void AppendV1_MalformedHistogram_IsRefused(byte[] histogram, string expected)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] message = Message(1, [.. Message(1, Label("__name__", "up")), .. Message(4, histogram)]);
        Assert.Equal(expected, Assert.Throws<ProtocolException>(() => receiver.AppendV1(message)).Message);
        Assert.Empty(_sink.Samples);
    }

    [Theory]
    [InlineData(new byte[] { 32, 50 }, "invalid histogram: found schema 25, expected -4 to 8 or -53")]
    [InlineData(new byte[] { 90, 2, 16, 2 }, "invalid histogram: positive side: spans require 2 buckets, have 0")]
    [InlineData(new byte[] { 8, 1, 66, 2, 16, 1, 74, 1, 1 }, "invalid histogram: negative side: bucket number 1 has observation count of -1")]
    public void AppendV1_HistogramThatMakesNoSense_IsTheOnlyOneRefused(byte[] histogram, string expected)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] labels = Message(1, Label("__name__", "up"));
        var result = receiver.AppendV1([.. Message(1, [.. labels, .. Message(4, histogram)]), .. Message(1, [.. labels, .. Message(2, Sample(7, 1))])]);
        Assert.Equal((1, 0, expected), (result.Samples, result.Histograms, result.Problem));
        Assert.Equal([(1UL, 1L, 7.0)], _sink.Samples);
    }

    /// <summary>A count of the other kind says which buckets count.</summary>
    [Theory]
    [InlineData(new byte[] { 8, 3, 90, 2, 16, 2, 98, 2, 2, 2 })]
    [InlineData(new byte[] { 8, 3, 90, 2, 16, 2, 96, 2, 96, 2 })]
    [InlineData(new byte[] { 17, 0, 0, 0, 0, 0, 0, 8, 64, 90, 2, 16, 2, 106, 16, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 64 })]
    [InlineData(new byte[] { 17, 0, 0, 0, 0, 0, 0, 8, 64, 90, 2, 16, 2, 105, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 105, 0, 0, 0, 0, 0, 0, 0, 64 })]
    public void AppendV1_HistogramBuckets_AreReadPackedOrNot(byte[] histogram)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        receiver.AppendV1(Message(1, [.. Message(1, Label("__name__", "up")), .. Message(4, histogram)]));
        var stored = Assert.Single(_sink.Histograms);
        Assert.Equal(3, stored.Count);
        Assert.Equal([1, 2], stored.PositiveBuckets);
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 240, 63, 17, 1, 0, 0, 0, 0, 0, 0, 0 }, "proto: wrong wireType = 1 for field 2, expected 0, at byte 10")]
    [InlineData(new byte[] { 8, 1, 16, 1 }, "proto: wrong wireType = 0 for field 1, expected 1, at byte 1")]
    public void AppendV1_SampleOfWrongTypes_IsRefused(byte[] sample, string expected)
    {
        var receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        byte[] message = Message(1, [.. Message(1, Label("__name__", "up")), .. Message(2, sample)]);
        Assert.Equal(expected, Assert.Throws<ProtocolException>(() => receiver.AppendV1(message)).Message);
    }

    static byte[] Message(int field, ReadOnlySpan<byte> body) => [(byte)(field << 3 | 2), (byte)body.Length, .. body];

    static byte[] Label(string name, string value) => [.. Message(1, Encoding.UTF8.GetBytes(name)), .. Message(2, Encoding.UTF8.GetBytes(value))];

    static byte[] Sample(double value, int timestampMs)
    {
        var bytes = new List<byte> { 9 };
        var number = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value);
        bytes.AddRange(number);
        bytes.Add(16);
        for (; timestampMs >= 128; timestampMs >>= 7) bytes.Add((byte)(timestampMs & 127 | 128));
        bytes.Add((byte)timestampMs);
        return [.. bytes];
    }

    sealed class RecordingSink : ISampleSink
    {
        public List<string> Resolved { get; } = [];
        public List<(ulong, long, double)> Samples { get; } = [];
        public List<FloatHistogram> Histograms { get; } = [];
        public (string, MetricMetadata) Metadata { get; private set; }

        /// <summary>References up to this one are unknown.</summary>
        public ulong Dropped { get; set; }

        public SeriesRef Resolve(Labels labels)
        {
            Resolved.Add(labels.ToString());
            return new SeriesRef((ulong)Resolved.Count);
        }

        public AppendResult Append(SampleBatch batch)
        {
            int unknown = 0;
            for (int i = 0; i < batch.Count; i++)
            {
                bool known = batch.Series[i].Value > Dropped;
                batch.Outcomes[i] = known ? AppendOutcome.Stored : AppendOutcome.UnknownSeries;
                if (known) Samples.Add((batch.Series[i].Value, batch.Timestamps[i], batch.Values[i]));
                else unknown++;
            }
            Histograms.AddRange(batch.Histograms.Select(entry => entry.Histogram));
            return new AppendResult(batch.Count - unknown, 0, 0, 0, unknown);
        }

        public void SetMetadata(string metricFamily, in MetricMetadata metadata) => Metadata = (metricFamily, metadata);
    }
}
