using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>prometheus.WriteRequest (Prometheus remote write specification 1.0). Allocates nothing per sample.</summary>
public sealed class RemoteWriteEncoderV1 : IRemoteWriteEncoder
{
    const int SeriesField = 1, MetadataField = 3;
    const int SamplesField = 2, ExemplarsField = 3, HistogramsField = 4;

    readonly ProtobufWriter _output = new(64 << 10);

    public string ContentType => "application/x-protobuf";
    public string Version => "0.1.0";

    public void Begin(SymbolPool pool) => _output.Clear();

    public void Add(EncodedSeries series, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        int length = series.LabelFields.Length;
        foreach (long timestamp in timestamps) length += 2 + SampleMessage.SizeOf(timestamp);
        _output.LengthPrefix(SeriesField, length);
        _output.Append(series.LabelFields);
        for (int i = 0; i < timestamps.Length; i++) SampleMessage.Write(_output, SamplesField, timestamps[i], values[i]);
    }

    public void Add(EncodedSeries series, long timestampMs, FloatHistogram histogram)
    {
        int start = _output.Begin(SeriesField);
        _output.Append(series.LabelFields);
        HistogramMessage.Write(_output, HistogramsField, timestampMs, histogram);
        _output.End(start);
    }

    public void Add(EncodedSeries series, in Exemplar exemplar)
    {
        int start = _output.Begin(SeriesField);
        _output.Append(series.LabelFields);
        int message = _output.Begin(ExemplarsField);
        EncodedSeries.WriteLabels(_output, exemplar.Labels);
        _output.Double(2, exemplar.Value);
        _output.Int64(3, exemplar.TimestampMs);
        _output.End(message);
        _output.End(start);
    }

    public void AddMetadata(string family, in MetricMetadata metadata)
    {
        int start = _output.Begin(MetadataField);
        _output.Varint(1, MetricTypes.NumberOf(metadata.Type));
        _output.Text(2, family);
        _output.Text(4, metadata.Help);
        _output.Text(5, metadata.Unit);
        _output.End(start);
    }

    public ReadOnlySpan<byte> Finish() => _output.Written;
}
