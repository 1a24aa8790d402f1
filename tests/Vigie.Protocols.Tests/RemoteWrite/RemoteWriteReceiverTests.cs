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

    [Theory]
    [InlineData("job", "a", "__name__", "up", "after")]
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
        public (string, MetricMetadata) Metadata { get; private set; }

        public SeriesRef Resolve(Labels labels)
        {
            Resolved.Add(labels.ToString());
            return new SeriesRef((ulong)Resolved.Count);
        }

        public AppendResult Append(SampleBatch batch)
        {
            for (int i = 0; i < batch.Count; i++) Samples.Add((batch.Series[i].Value, batch.Timestamps[i], batch.Values[i]));
            return new AppendResult(batch.Count, 0, 0, 0, 0);
        }

        public void SetMetadata(string metricFamily, in MetricMetadata metadata) => Metadata = (metricFamily, metadata);
    }
}
