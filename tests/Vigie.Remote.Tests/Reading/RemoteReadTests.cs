using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration.Prometheus;
using Vigie.Metrics;
using Vigie.Model;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteRead;
using Vigie.Testing;

namespace Vigie.Remote.Tests.Reading;

public sealed class RemoteReadTests : IDisposable
{
    const long HourMs = 3_600_000;
    static readonly Labels Up = Labels.Of(("__name__", "up"), ("job", "api"));

    readonly ManualTimeProvider _clock = new();
    readonly MetricStore _local, _remote;
    Labels _remoteExternalLabels = Labels.Empty;
    int _frameBytesMax = 1 << 20, _samplesMax;
    RemoteReadResponseType? _only;
    Func<HttpResponseMessage>? _answer;
    readonly List<RemoteReadRequest> _requests = [];

    public RemoteReadTests()
    {
        _local = Open();
        _remote = Open();
    }

    public void Dispose()
    {
        _local.Dispose();
        _remote.Dispose();
    }

    [Theory]
    [InlineData(RemoteReadResponseType.Samples, 1 << 20)]
    [InlineData(RemoteReadResponseType.StreamedXorChunks, 1 << 20)]
    [InlineData(RemoteReadResponseType.StreamedXorChunks, 100)]     // a frame per chunk
    public void Samples_AreThoseOfTheRemoteStoreBitByBit(RemoteReadResponseType type, int frameBytesMax)
    {
        (_only, _frameBytesMax) = (type, frameBytesMax);
        var random = new SeededRandom(3);
        var histogram = new FloatHistogram { Schema = 1, Count = 3, Sum = 4, PositiveSpans = [new HistogramSpan(0, 2)], PositiveBuckets = [1, 2] };
        var expected = new List<(long, ulong)>();
        for (int i = 0; i < 500; i++)
        {
            double value = random.NextSampleValue();
            Append(_remote, 1000 + (i * 15_000L), value, Up);
            expected.Add((1000 + (i * 15_000L), BitConverter.DoubleToUInt64Bits(value)));
        }
        var native = Labels.Of(("__name__", "native"));
        var batch = new SampleBatch();
        batch.Add(_remote.Resolve(native), 2000, histogram);
        _remote.Append(batch);
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        using var found = Select(source, "__name__", ".+", 0, HourMs * 10);
        Assert.Equal([native, Up], Enumerable.Range(0, found.Count).Select(found.LabelsOf));
        Assert.Empty(found.Warnings);
        Assert.Equal(expected, Read(found, 1));
        var columns = new SampleColumns();
        found.Read(0, columns);
        Assert.Equal(histogram.ToString(), columns.Histograms[0]!.ToString());
    }

    [Fact]
    public void Range_IsKeptAlthoughChunksReachOverIt()
    {
        for (int i = 0; i < 100; i++) Append(_remote, i * 1000, i, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        using var found = Select(source, "job", "api", 10_000, 20_000);
        Assert.Equal(Enumerable.Range(10, 11).Select(i => (i * 1000L, BitConverter.DoubleToUInt64Bits(i))), Read(found, 0));
    }

    [Fact]
    public void SameMoment_CountsAsTheStoreHasIt()
    {
        Append(_local, 1000, 1, Up);
        Append(_local, 3000, 3, Up);
        Append(_remote, 1000, -1, Up);
        Append(_remote, 2000, -2, Up);
        Append(_remote, 2000, 5, Labels.Of(("__name__", "up"), ("job", "other")));
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        using var found = Select(source, "__name__", "up", 0, 9000);
        Assert.Equal(2, found.Count);
        Assert.Equal([(1000, 1.0), (2000, -2.0), (3000, 3.0)], Read(found, 0).Select(one => (one.Item1, BitConverter.UInt64BitsToDouble(one.Item2))));
    }

    [Fact]
    public void ReadRecent_DecidesWhetherTheStoresOwnTimeIsAskedFor()
    {
        Append(_local, 100 * HourMs, 1, Up);
        using var old = Source(new RemoteReadConfig());
        using (Select(old, "job", "api", 105 * HourMs, 106 * HourMs))
        {
            Assert.Empty(_requests);
        }
        using (Select(old, "job", "api", 90 * HourMs, 106 * HourMs))
        {
            Assert.Equal(new TimeRange(90 * HourMs, 104 * HourMs), _requests.Single().Queries.Single().Range);
        }
        _requests.Clear();
        using var recent = Source(new RemoteReadConfig { ReadRecent = true });
        using (Select(recent, "job", "api", 105 * HourMs, 106 * HourMs))
        {
            Assert.Equal(new TimeRange(105 * HourMs, 106 * HourMs), _requests.Single().Queries.Single().Range);
        }
    }

    [Fact]
    public void RequiredMatchers_AreNeededToAsk()
    {
        Append(_remote, 1000, 1, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true, RequiredMatchers = new Dictionary<string, string> { ["job"] = "api" } });
        using (var found = source.Select([new LabelMatcher(MatchType.Regex, "job", "api")], new TimeRange(0, 9000), default, default))
        {
            Assert.Equal(0, found.Count);
            Assert.Empty(_requests);
        }
        using (var found = source.Select([new LabelMatcher(MatchType.Equal, "job", "api")], new TimeRange(0, 9000), default, default))
        {
            Assert.Equal(1, found.Count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ExternalLabels_AreAskedForAndTakenOff(bool filter)
    {
        _remoteExternalLabels = Labels.Of(("region", "west"));
        Append(_remote, 1000, 1, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true, FilterExternalLabels = filter }, Labels.Of(("region", "west"), ("replica", "a")));
        using var found = Select(source, "job", "api", 0, 9000);
        string[] asked = [.. _requests.Single().Queries.Single().Matchers.Select(matcher => matcher.ToString())];
        if (filter)
        {
            // The remote store has no label replica: nothing matches.
            Assert.Contains("region=\"west\"", asked);
            Assert.Contains("replica=\"a\"", asked);
            Assert.Equal(0, found.Count);
        }
        else
        {
            Assert.Single(asked);
            Assert.Equal(Up.With("region", "west"), found.LabelsOf(0));
        }
    }

    [Fact]
    public void ExternalLabelsOfBoth_LeaveTheSeriesAsItIsStored()
    {
        _remoteExternalLabels = Labels.Of(("region", "west"));
        Append(_remote, 1000, 1, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true }, Labels.Of(("region", "west")));
        using var found = Select(source, "job", "api", 0, 9000);
        Assert.Equal(Up, found.LabelsOf(0));
    }

    [Fact]
    public void Failure_LeavesAWarningAndTheStoresSamples()
    {
        Append(_local, 1000, 1, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        _answer = () => new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("boom\n") };
        using (var found = Select(source, "job", "api", 0, 9000))
        {
            Assert.Equal(1, found.Count);
            Assert.Equal("remote_read: remote server http://there/api/v1/read returned http status 500 Internal Server Error: boom", found.Warnings.Single());
        }
        _answer = static () => throw new HttpRequestException("connection refused");
        using (var found = Select(source, "job", "api", 0, 9000))
        {
            Assert.Equal("remote_read: error reading from http://there/api/v1/read: connection refused", found.Warnings.Single());
        }
        _answer = static () => new HttpResponseMessage { Content = new StringContent("hello") };
        using (var found = Select(source, "job", "api", 0, 9000))
        {
            Assert.EndsWith("unsupported content type: text/plain", found.Warnings.Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SampleLimit_RefusesByName()
    {
        (_only, _samplesMax) = (RemoteReadResponseType.Samples, 9);
        for (int i = 0; i < 10; i++) Append(_remote, i * 1000, i, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        using var found = Select(source, "job", "api", 0, 20_000);
        Assert.EndsWith("400 Bad Request: exceeded sample limit (9)", found.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void FrameWithAnotherChecksum_IsRefused()
    {
        Append(_remote, 1000, 1, Up);
        using var source = Source(new RemoteReadConfig { ReadRecent = true });
        byte[] frames = Frames(new RemoteReadRequest([new RemoteReadQuery(new TimeRange(0, 9000), [new LabelMatcher(MatchType.Equal, "job", "api")], default)], []));
        frames[^1] ^= 1;
        _answer = () => Streamed(frames);
        using var found = Select(source, "job", "api", 0, 9000);
        Assert.Contains("checksum mismatch", found.Warnings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownResponseTypes_AreRefusedByName()
    {
        var problem = Assert.Throws<RemoteReadException>(() => RemoteReadServer.Negotiate(new RemoteReadRequest([], [(RemoteReadResponseType)7])));
        Assert.StartsWith("server does not support any of the requested response types: [7]", problem.Message, StringComparison.Ordinal);
    }

    MetricStore Open() => MetricStore.Open(
        new CrashableFileSystem(1), "data", new MetricStoreOptions { RunsInBackground = false }, _clock, NullLogger<MetricStore>.Instance);

    static void Append(MetricStore store, long timestampMs, double value, Labels series)
    {
        var batch = new SampleBatch();
        batch.Add(store.Resolve(series), timestampMs, value);
        Assert.Equal(1, store.Append(batch).Stored);
    }

    RemoteReadSource Source(RemoteReadConfig config, Labels? externalLabels = null)
    {
        var source = new RemoteReadSource(_local, () => _local.OldestMs, _ => new Remote(this), _clock, "test");
        source.Apply(new PrometheusConfig
        {
            Global = new GlobalConfig { ExternalLabels = externalLabels ?? Labels.Empty },
            RemoteRead = [config with { Url = "http://there/api/v1/read" }],
        });
        return source;
    }

    static ISeriesSet Select(RemoteReadSource source, string label, string regex, long startMs, long endMs) =>
        source.Select([new LabelMatcher(MatchType.Regex, label, regex)], new TimeRange(startMs, endMs), default, TestContext.Current.CancellationToken);

    static List<(long, ulong)> Read(ISeriesSet set, int index)
    {
        var columns = new SampleColumns();
        set.Read(index, columns);
        return [.. Enumerable.Range(0, columns.Count).Select(i => (columns.Timestamps[i], BitConverter.DoubleToUInt64Bits(columns.Values[i])))];
    }

    byte[] Frames(RemoteReadRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        var server = new RemoteReadServer(_remote, _samplesMax, _frameBytesMax);
        server.StreamAsync(request, _remoteExternalLabels, output, static () => ValueTask.CompletedTask, CancellationToken.None).GetAwaiter().GetResult();
        return output.WrittenSpan.ToArray();
    }

    static HttpResponseMessage Streamed(byte[] frames)
    {
        var content = new ByteArrayContent(frames);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse");
        return new HttpResponseMessage { Content = content };
    }

    /// <summary>The remote server, without a network.</summary>
    sealed class Remote(RemoteReadTests test) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            byte[] message = new byte[SnappyBlock.DecodedLength(body, 1 << 20)];
            SnappyBlock.Decode(body, message);
            var asked = RemoteReadRequest.Read(message);
            test._requests.Add(asked);
            if (test._answer is { } answer) return answer();
            if (test._only is { } only) asked = asked with { Accepted = [only] };
            if (RemoteReadServer.Negotiate(asked) == RemoteReadResponseType.StreamedXorChunks) return Streamed(test.Frames(asked));
            try
            {
                var content = new ByteArrayContent(
                    new RemoteReadServer(test._remote, test._samplesMax, 0).Samples(asked, test._remoteExternalLabels, cancellationToken));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                return new HttpResponseMessage { Content = content };
            }
            catch (RemoteReadException problem)
            {
                return new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(problem.Message + "\n") };
            }
        }
    }
}
