using Vigie.Model;
using Vigie.Protocols.Protobuf;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Protocols.RemoteRead;

/// <summary>Writes a ReadResponse (prometheus prompb/remote.proto): a result per query, with its series. Reusable; not
/// thread-safe.</summary>
public sealed class RemoteReadResponseWriter
{
    const int ResultsField = 1, SeriesField = 1;
    const int SamplesField = 2, HistogramsField = 4;

    readonly ProtobufWriter _output = new(64 << 10);
    int _result;

    public ReadOnlySpan<byte> Written => _output.Written;

    public void BeginResult() => _result = _output.Begin(ResultsField);

    public void EndResult() => _output.End(_result);

    public void AddSeries(Labels labels, SampleColumns samples)
    {
        int start = _output.Begin(SeriesField);
        EncodedSeries.WriteLabels(_output, labels);
        var histograms = samples.Histograms;
        for (int i = 0; i < samples.Count; i++)
        {
            if (!histograms.IsEmpty && histograms[i] is { } histogram) HistogramMessage.Write(_output, HistogramsField, samples.Timestamps[i], histogram);
            else SampleMessage.Write(_output, SamplesField, samples.Timestamps[i], samples.Values[i]);
        }
        _output.End(start);
    }
}
