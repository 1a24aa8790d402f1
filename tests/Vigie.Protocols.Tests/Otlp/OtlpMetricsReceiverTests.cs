using System.Text;
using Vigie.Model;
using Vigie.Protocols.Otlp;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Otlp;

public class OtlpMetricsReceiverTests
{
    readonly ManualTimeProvider _clock = new(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero));
    readonly MemorySampleSink _sink = new();

    [Fact]
    public void Append_KnownSeries_AreResolvedOnce()
    {
        var receiver = Receiver(new OtlpSettings());
        for (int i = 0; i < 3; i++) Assert.Equal(0, Send(receiver, Gauge("g", 1700000000 + i, i)).Rejected);
        Assert.Equal(1, _sink.Resolved);
        Assert.Equal([(1700000000000, 0.0), (1700000001000, 1.0), (1700000002000, 2.0)], _sink.SamplesOf(Labels.Of(("__name__", "g"), ("job", "web"), ("k", "v"))));
    }

    [Fact]
    public void Append_KnownSeries_AllocatesNothing()
    {
        var points = string.Join(',', Enumerable.Range(0, 100).Select(i => Point(1700000000, i, $"v{i}")));
        byte[] message = Message(Metrics($$$$"""{"name":"g","gauge":{"dataPoints":[{{{{points}}}}]}}"""));
        var receiver = new OtlpMetricsReceiver(new CountingSink(), new OtlpSeriesCache(new OtlpSettings(), _clock));
        for (int i = 0; i < 3; i++) receiver.Append(message);
        Assert.Equal(0, Allocations.Of(() => receiver.Append(message)));
    }

    [Fact]
    public void Append_SeriesTheStoreHasDropped_AreResolvedAgain()
    {
        var receiver = Receiver(new OtlpSettings());
        Send(receiver, Gauge("g", 1700000000, 1));
        _sink.Forget();
        var result = Send(receiver, Gauge("g", 1700000001, 2));
        Assert.Equal((0, 1), (result.Rejected, result.Samples));
        Assert.Equal(2, _sink.Resolved);
    }

    [Fact]
    public void Append_SeriesLimit_RejectsTheNewOnesAndStoresTheOthers()
    {
        var receiver = Receiver(new OtlpSettings());
        Send(receiver, Gauge("old", 1700000000, 1));
        _sink.SeriesMax = 1;
        var result = Send(receiver, Gauge("old", 1700000001, 2) + "," + Gauge("new", 1700000001, 2));
        Assert.Equal((2, 1, 1), (result.DataPoints, result.Rejected, result.Samples));
        Assert.Equal(["series limit 1 reached"], result.Refusals);
    }

    [Fact]
    public void Append_OutOfOrderPoint_IsRejectedAlone()
    {
        var receiver = Receiver(new OtlpSettings());
        Send(receiver, Gauge("g", 1700000010, 1));
        var result = Send(receiver, Gauge("g", 1700000005, 1) + "," + Gauge("h", 1700000005, 1));
        Assert.Equal((1, true, "out of order sample"), (result.Rejected, result.WrongTimes, result.Refusals[0]));
        Assert.Single(_sink.SamplesOf(Labels.Of(("__name__", "h"), ("job", "web"), ("k", "v"))));
    }

    [Fact]
    public void Append_PointFarAhead_IsRejected()
    {
        var result = Send(Receiver(new OtlpSettings()), Gauge("g", 1700000000 + 601, 1) + "," + Gauge("h", 1700000000 + 599, 1));
        Assert.Equal((1, 1, "out of bounds"), (result.Rejected, result.Samples, result.Refusals[0]));
    }

    [Fact]
    public void Append_NoRecordedValue_EndsTheSeries()
    {
        Send(Receiver(new OtlpSettings()), """{"name":"g","gauge":{"dataPoints":[{"timeUnixNano":"1700000000000000000","flags":1}]}}""");
        Assert.True(StaleMarker.IsStale(_sink.SamplesOf(Labels.Of(("__name__", "g"), ("job", "web")))[0].Value));
    }

    [Fact]
    public void Append_DeltasAddedUp_BecomeACounter()
    {
        var receiver = Receiver(new OtlpSettings { Deltas = DeltaHandling.AddUp });
        Send(receiver, Delta(0, 10, 5));
        Send(receiver, Delta(10, 20, 7));
        var repeated = Send(receiver, Delta(10, 20, 7));
        Assert.Equal((1, "dropped a delta that is not newer than the one before it"), (repeated.Rejected, repeated.Refusals[0]));
        Send(receiver, Delta(20, 30, 1));
        Assert.Equal([(1700000010000, 5.0), (1700000020000, 12.0), (1700000030000, 13.0)], _sink.SamplesOf(Labels.Of(("__name__", "d_total"), ("job", "web"))));
    }

    [Fact]
    public void Append_DeltaHistogramsAddedUp_CountAllOfThem()
    {
        var receiver = Receiver(new OtlpSettings { Deltas = DeltaHandling.AddUp });
        string Histogram(int second, string bounds) => $$$$"""
            {"name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"startTimeUnixNano":"1700000000000000000",
            "timeUnixNano":"17000000{{{{second}}}}000000000","count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[{{{{bounds}}}}]}]}}
            """;
        Send(receiver, Histogram(10, "1"));
        Send(receiver, Histogram(20, "1"));
        Assert.Equal([3.0, 6.0], Values("h_count"));
        Assert.Equal([1.5, 3.0], Values("h_sum"));
        Assert.Equal([1.0, 2.0], _sink.SamplesOf(Labels.Of(("__name__", "h_bucket"), ("job", "web"), ("le", "1"))).Select(s => s.Value));
        Send(receiver, Histogram(30, "2"));      // other bounds: starts anew
        Assert.Equal([3.0, 6.0, 3.0], Values("h_count"));
    }

    [Fact]
    public void Append_DeltaSeriesNotHeardOf_StartsAnew()
    {
        var receiver = Receiver(new OtlpSettings { Deltas = DeltaHandling.AddUp });
        Send(receiver, Delta(0, 10, 5));
        _clock.Advance(TimeSpan.FromMinutes(7));
        Send(receiver, Delta(10, 30, 1));
        Assert.Equal([(1700000010000, 5.0), (1700000030000, 1.0)], _sink.SamplesOf(Labels.Of(("__name__", "d_total"), ("job", "web"))));
    }

    [Fact]
    public void Append_ZeroAtStart_WritesAZeroOnce()
    {
        var receiver = Receiver(new OtlpSettings { ZeroAtStart = true });
        string Counter(int second, int value) => $$$$"""
            {"name":"c","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"startTimeUnixNano":"1700000000000000000",
            "timeUnixNano":"17000000{{{{second}}}}000000000","asInt":"{{{{value}}}}"}]}}
            """;
        Assert.Equal(0, Send(receiver, Counter(10, 5)).Rejected);
        Assert.Equal(0, Send(receiver, Counter(20, 6)).Rejected);
        Assert.Equal([(1700000000000, 0.0), (1700000010000, 5.0), (1700000020000, 6.0)], _sink.SamplesOf(Labels.Of(("__name__", "c_total"), ("job", "web"))));
    }

    [Fact]
    public void Append_TypeAndUnitLabels_AreAdded()
    {
        Send(Receiver(new OtlpSettings { TypeAndUnitLabels = true }), """{"name":"g","unit":"s","gauge":{"dataPoints":[{"asInt":"1","timeUnixNano":"1700000000000000000"}]}}""");
        Assert.Equal([Labels.Of(("__name__", "g_seconds"), ("__type__", "gauge"), ("__unit__", "seconds"), ("job", "web"))], _sink.Latest().Keys);
    }

    [Fact]
    public void Append_PointsOverALongTime_TargetInfoIsWrittenTwicePerLookback()
    {
        byte[] message = Message($$$$"""
            {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}},{"key":"os","value":{"stringValue":"linux"}}]},
            "scopeMetrics":[{"metrics":[{{{{Gauge("g", 1700000000 - 600, 1)}}}},{{{{Gauge("h", 1700000000, 1)}}}}]}]}]}
            """);
        Receiver(new OtlpSettings { LookbackMs = 400_000 }).Append(message);
        var samples = _sink.SamplesOf(Labels.Of(("__name__", "target_info"), ("job", "web"), ("os", "linux")));
        Assert.Equal([1699999400000, 1699999600000, 1699999800000, 1700000000000], samples.Select(sample => sample.TimestampMs));
    }

    [Fact]
    public void Append_DamagedMessages_AreRefusedOrAccepted_NeverWorse()
    {
        byte[] message = Message(Metrics(Gauge("g", 1700000000, 1) + "," + """
            {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":"3","sum":1,"bucketCounts":["1","2"],"explicitBounds":[1],
            "exemplars":[{"asDouble":1,"traceId":"0af7651916cd43dd8448eb211c80319c"}]}]}},
            {"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[{"scale":9,"count":"1","positive":{"bucketCounts":["1"]}}]}}
            """));
        var random = new Random(11);
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = message[..random.Next(1, message.Length + 1)];
            for (int i = random.Next(4); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                new OtlpMetricsReceiver(new CountingSink(), new OtlpSeriesCache(new OtlpSettings(), _clock)).Append(damaged);
            }
            catch (ProtocolException)
            {
                // Refused as a whole.
            }
        }
    }

    OtlpMetricsReceiver Receiver(OtlpSettings settings) => new(_sink, new OtlpSeriesCache(settings, _clock));

    IEnumerable<double> Values(string name) => _sink.SamplesOf(Labels.Of(("__name__", name), ("job", "web"))).Select(sample => sample.Value);

    static OtlpResult Send(OtlpMetricsReceiver receiver, string metrics) => receiver.Append(Message(Metrics(metrics)));

    static byte[] Message(string json) => OtlpJson.MetricsToProtobuf(Encoding.UTF8.GetBytes(json), 1 << 20);

    static string Metrics(string metrics) => $$$$"""
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeMetrics":[{"metrics":[{{{{metrics}}}}]}]}]}
        """;

    static string Gauge(string name, long second, double value) => $$$$"""{"name":"{{{{name}}}}","gauge":{"dataPoints":[{{{{Point(second, value, "v")}}}}]}}""";

    static string Point(long second, double value, string attribute) => $$$$"""
        {"asDouble":{{{{value}}}},"timeUnixNano":"{{{{second}}}}000000000","attributes":[{"key":"k","value":{"stringValue":"{{{{attribute}}}}"}}]}
        """;

    static string Delta(int start, int end, int value) => $$$$"""
        {"name":"d","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"startTimeUnixNano":"{{{{1700000000L + start}}}}000000000",
        "timeUnixNano":"{{{{1700000000L + end}}}}000000000","asInt":"{{{{value}}}}"}]}}
        """;

    /// <summary>Stores nothing, refuses nothing.</summary>
    sealed class CountingSink : ISampleSink
    {
        ulong _series;

        public SeriesRef Resolve(Labels labels) => new(++_series);

        public AppendResult Append(SampleBatch batch)
        {
            batch.Outcomes.Clear();
            return new AppendResult(batch.Count, 0, 0, 0, 0);
        }

        public void SetMetadata(string metricFamily, in MetricMetadata metadata)
        {
        }
    }
}
