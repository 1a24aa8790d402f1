using System.Buffers;
using BenchmarkDotNet.Attributes;
using Vigie.Model;
using Vigie.Protocols;
using Vigie.Protocols.Exposition;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Benchmarks.Protocols;

/// <summary>Protobuf that others send, per sample: requests of remote write with series known by their bytes, and a scraped page.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ProtobufBenchmarks
{
    const int Series = 1000, Histograms = 100;
    const int Buckets = 40;

    readonly AcceptingSink _sink = new();
    RemoteWriteReceiver _receiver = null!;
    byte[] _one = null!, _three = null!, _second = null!, _histograms = null!, _page = null!;

    [GlobalSetup]
    public void Setup()
    {
        _receiver = new RemoteWriteReceiver(_sink, new SeriesKeyCache());
        _one = Request(new RemoteWriteEncoderV1(), EncodedSeries.ForV1, samples: 1);
        _three = Request(new RemoteWriteEncoderV1(), EncodedSeries.ForV1, samples: 3);
        var pool = new SymbolPool();
        _second = Request(new RemoteWriteEncoderV2(), labels => EncodedSeries.ForV2(labels, pool), samples: 1, pool);
        var encoder = new RemoteWriteEncoderV1();
        encoder.Begin(pool);
        for (int i = 0; i < Histograms; i++) encoder.Add(EncodedSeries.ForV1(LabelsOf(i)), 1_700_000_000_000, HistogramOf(i));
        _histograms = encoder.Finish().ToArray();
        _page = Page();
    }

    /// <summary>The usual request of Prometheus: a sample each.</summary>
    [Benchmark(OperationsPerInvoke = Series)]
    public int ReceiveV1() => _receiver.AppendV1(_one).Samples;

    [Benchmark(OperationsPerInvoke = Series * 3)]
    public int ReceiveV1ThreeSamples() => _receiver.AppendV1(_three).Samples;

    [Benchmark(OperationsPerInvoke = Series)]
    public int ReceiveV2() => _receiver.AppendV2(_second).Samples;

    [Benchmark(OperationsPerInvoke = Histograms)]
    public int ReceiveHistograms() => _receiver.AppendV1(_histograms).Histograms;

    [Benchmark(OperationsPerInvoke = Series + Histograms)]
    public int ReadPage()
    {
        int samples = 0;
        var reader = new ProtobufExpositionReader(_page, new ProtobufOptions(NativeHistograms: true, AlwaysClassic: false));
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
            if (entry is ExpositionEntry.Sample or ExpositionEntry.Histogram) samples++;
        return samples;
    }

    static byte[] Request(IRemoteWriteEncoder encoder, Func<Labels, EncodedSeries> encode, int samples, SymbolPool? pool = null)
    {
        pool ??= new SymbolPool();
        var series = Enumerable.Range(0, Series).Select(i => encode(LabelsOf(i))).ToArray();
        encoder.Begin(pool);
        for (int i = 0; i < Series; i++)
        {
            long[] timestamps = [.. Enumerable.Range(0, samples).Select(n => 1_700_000_000_000 + (n * 15_000L))];
            encoder.Add(series[i], timestamps, [.. timestamps.Select(timestamp => (double)(timestamp % 1009) * i)]);
        }
        return encoder.Finish().ToArray();
    }

    static byte[] Page()
    {
        var page = new ArrayBufferWriter<byte>();
        var writer = new ProtobufFamilyWriter();
        writer.Begin("service_requests", null);
        for (int i = 0; i < Series; i++) writer.Add(LabelsOf(i).Pairs[1..], i * 3.5, 0);
        writer.End(page);
        writer.Begin("service_seconds", HistogramOf(0));
        for (int i = 0; i < Histograms; i++) writer.Add(LabelsOf(i).Pairs[1..], HistogramOf(i), 0);
        writer.End(page);
        return page.WrittenSpan.ToArray();
    }

    static Labels LabelsOf(int i) => Labels.Of(("__name__", "service_requests"), ("endpoint", $"/api/v1/things/{i % 97}"),
        ("instance", "host-17:9100"), ("job", "service"), ("method", "GET"), ("n", $"{i}"));

    static FloatHistogram HistogramOf(int i) => new()
    {
        Schema = 3,
        ZeroThreshold = 1e-128,
        Count = 1000 + i,
        Sum = 77.5 * i,
        PositiveSpans = [new HistogramSpan(-3, Buckets / 2), new HistogramSpan(2, Buckets / 2)],
        PositiveBuckets = [.. Enumerable.Range(0, Buckets).Select(bucket => (double)(bucket + i))],
    };

    /// <summary>Takes everything.</summary>
    sealed class AcceptingSink : ISampleSink
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
