using System.Net;
using Vigie.Model;
using Vigie.Protocols;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote.Tests.Writing;

/// <summary>
/// A receiver with the rules of Prometheus: a request with one sample that is out of order is refused as a whole, the same sample again is
/// fine. What it answers can be scripted.
/// </summary>
sealed class FakeReceiver : HttpMessageHandler
{
    readonly Lock _lock = new();
    readonly Dictionary<Labels, List<(long TimestampMs, ulong Bits)>> _series = [];

    /// <summary>Called before each request is looked at, with its number from 0; what it returns is the answer, null goes on.</summary>
    public Func<int, HttpResponseMessage?> Before { get; set; } = static _ => null;

    /// <summary>Like <see cref="Before"/>, but after the samples were stored.</summary>
    public Func<int, HttpResponseMessage?> After { get; set; } = static _ => null;

    public List<HttpRequestMessage> Requests { get; } = [];
    public List<(Labels Labels, long TimestampMs, FloatHistogram Histogram)> Histograms { get; } = [];
    public List<(Labels Labels, Exemplar Exemplar)> Exemplars { get; } = [];
    public Dictionary<string, MetricMetadata> Metadata { get; } = [];
    public int Refused { get; private set; }

    public int Samples
    {
        get
        {
            lock (_lock) return _series.Values.Sum(static one => one.Count);
        }
    }

    public int RequestCount
    {
        get
        {
            lock (_lock) return Requests.Count;
        }
    }

    public IReadOnlyList<Labels> Series
    {
        get
        {
            lock (_lock) return [.. _series.Keys];
        }
    }

    public IReadOnlyList<(long TimestampMs, ulong Bits)> SamplesOf(Labels labels)
    {
        lock (_lock) return _series.TryGetValue(labels, out var samples) ? [.. samples] : [];
    }

    /// <summary>A connection of a client; it breaks when its process dies.</summary>
    public HttpMessageHandler Connect(CancellationToken died) => new Connection(this, died);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        int number;
        lock (_lock)
        {
            number = Requests.Count;
            Requests.Add(request);
        }
        if (Before(number) is { } early) return early;
        lock (_lock)
        {
            if (!TryStore(request, body)) return new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("out of order sample\n") };
        }
        return After(number) ?? new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    bool TryStore(HttpRequestMessage request, byte[] body)
    {
        var message = new byte[SnappyBlock.DecodedLength(body, 32 << 20)];
        SnappyBlock.Decode(body, message);
        var sink = new CollectingSink();
        var receiver = new RemoteWriteReceiver(sink, new SeriesKeyCache());
        bool isVersion2 = request.Content!.Headers.ContentType!.ToString().Contains("v2.Request", StringComparison.Ordinal);
        var result = isVersion2 ? receiver.AppendV2(message) : receiver.AppendV1(message);
        Assert.Null(result.Problem);
        var newest = new Dictionary<Labels, (long TimestampMs, ulong Bits)>();
        foreach (var (labels, timestamp, bits) in sink.Samples)
        {
            if (!newest.TryGetValue(labels, out var last)) last = _series.TryGetValue(labels, out var known) ? known[^1] : (long.MinValue, 0);
            if (timestamp < last.TimestampMs || (timestamp == last.TimestampMs && bits != last.Bits))
            {
                Refused++;
                return false;
            }
            newest[labels] = (timestamp, bits);
        }
        foreach (var (labels, timestamp, bits) in sink.Samples)
        {
            if (!_series.TryGetValue(labels, out var samples)) _series[labels] = samples = [];
            if (samples.Count == 0 || samples[^1].TimestampMs < timestamp) samples.Add((timestamp, bits));
        }
        Histograms.AddRange(sink.Histograms);
        Exemplars.AddRange(sink.Exemplars);
        foreach (var (family, metadata) in sink.Metadata) Metadata[family] = metadata;
        return true;
    }

    sealed class Connection(FakeReceiver receiver, CancellationToken died) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (died.IsCancellationRequested) throw new HttpRequestException("this process is dead");
            var answer = await receiver.SendAsync(request, cancellationToken);
            if (died.IsCancellationRequested) throw new HttpRequestException("this process died meanwhile");
            return answer;
        }
    }

    sealed class CollectingSink : ISampleSink
    {
        readonly List<Labels> _labels = [];

        public List<(Labels Labels, long TimestampMs, ulong Bits)> Samples { get; } = [];
        public List<(Labels Labels, long TimestampMs, FloatHistogram Histogram)> Histograms { get; } = [];
        public List<(Labels Labels, Exemplar Exemplar)> Exemplars { get; } = [];
        public Dictionary<string, MetricMetadata> Metadata { get; } = [];

        public SeriesRef Resolve(Labels labels)
        {
            _labels.Add(labels);
            return new SeriesRef((ulong)_labels.Count);
        }

        public AppendResult Append(SampleBatch batch)
        {
            var histograms = batch.Histograms.ToDictionary(one => one.Index, one => one.Histogram);
            for (int i = 0; i < batch.Count; i++)
            {
                var labels = _labels[(int)batch.Series[i].Value - 1];
                if (histograms.TryGetValue(i, out var histogram)) Histograms.Add((labels, batch.Timestamps[i], histogram));
                else Samples.Add((labels, batch.Timestamps[i], BitConverter.DoubleToUInt64Bits(batch.Values[i])));
                batch.Outcomes[i] = AppendOutcome.Stored;
            }
            foreach (var (series, exemplar) in batch.Exemplars) Exemplars.Add((_labels[(int)series.Value - 1], exemplar));
            return new AppendResult(batch.Count, 0, 0, 0, 0);
        }

        public void SetMetadata(string metricFamily, in MetricMetadata metadata) => Metadata[metricFamily] = metadata;
    }
}
