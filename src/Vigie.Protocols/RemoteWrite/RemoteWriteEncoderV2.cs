using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>
/// io.prometheus.write.v2.Request (Prometheus remote write specification 2.0): texts once per request, everything else refers to them. All
/// series of a request come from one <see cref="SymbolPool"/>. Allocates nothing per sample.
/// </summary>
public sealed class RemoteWriteEncoderV2 : IRemoteWriteEncoder
{
    const int SymbolsField = 4, SeriesField = 5;
    const int LabelsField = 1, SamplesField = 2, HistogramsField = 3, ExemplarsField = 4, MetadataField = 5;

    readonly ProtobufWriter _output = new(64 << 10);
    readonly ProtobufWriter _series = new(64 << 10);
    readonly Dictionary<string, uint> _textNumbers = new(StringComparer.Ordinal);    // texts that are not in the pool: of exemplars
    uint[] _requestNumbers = new uint[256];                     // by number in the pool; valid where _usedIn says this request
    uint[] _usedIn = new uint[256];
    SymbolPool _pool = new();
    uint _request;
    uint _count;

    public string ContentType => "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    public string Version => "2.0.0";

    public void Begin(SymbolPool pool)
    {
        _pool = pool;
        _output.Clear();
        _series.Clear();
        _textNumbers.Clear();
        _request++;
        _output.Bytes(SymbolsField, default);
        _count = 1;
    }

    public void Add(EncodedSeries series, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        int start = BeginSeries(series);
        for (int i = 0; i < timestamps.Length; i++) SampleMessage.Write(_series, SamplesField, timestamps[i], values[i]);
        EndSeries(start, series);
    }

    public void Add(EncodedSeries series, long timestampMs, FloatHistogram histogram)
    {
        int start = BeginSeries(series);
        HistogramMessage.Write(_series, HistogramsField, timestampMs, histogram);
        EndSeries(start, series);
    }

    public void Add(EncodedSeries series, in Exemplar exemplar)
    {
        int start = BeginSeries(series);
        int message = _series.Begin(ExemplarsField);
        int references = _series.Begin(LabelsField);
        foreach (ref readonly var label in exemplar.Labels.Pairs)
        {
            _series.PackedVarint(NumberOf(label.Name));
            _series.PackedVarint(NumberOf(label.Value));
        }
        _series.End(references);
        _series.Double(2, exemplar.Value);
        _series.Int64(3, exemplar.TimestampMs);
        _series.End(message);
        EndSeries(start, series);
    }

    public ReadOnlySpan<byte> Finish()
    {
        _output.Append(_series.Written);
        return _output.Written;
    }

    int BeginSeries(EncodedSeries series)
    {
        int start = _series.Begin(SeriesField);
        int references = _series.Begin(LabelsField);
        foreach (int symbol in series.Symbols) _series.PackedVarint(NumberOf(symbol));
        _series.End(references);
        return start;
    }

    void EndSeries(int start, EncodedSeries series)
    {
        if (series.Metadata is { } metadata)
        {
            int message = _series.Begin(MetadataField);
            _series.Varint(1, metadata.Type);
            _series.Varint(3, NumberOf(metadata.Help));
            _series.Varint(4, NumberOf(metadata.Unit));
            _series.End(message);
        }
        _series.End(start);
    }

    uint NumberOf(int symbol)
    {
        if (symbol == 0) return 0;
        if (symbol >= _usedIn.Length)
        {
            int capacity = Math.Max(_pool.Count, symbol + 1);
            Array.Resize(ref _usedIn, capacity);
            Array.Resize(ref _requestNumbers, capacity);
        }
        if (_usedIn[symbol] == _request) return _requestNumbers[symbol];
        _usedIn[symbol] = _request;
        _output.Bytes(SymbolsField, _pool.TextOf(symbol));
        return _requestNumbers[symbol] = _count++;
    }

    uint NumberOf(string text)
    {
        if (text.Length == 0) return 0;
        if (_textNumbers.TryGetValue(text, out uint known)) return known;
        _output.Text(SymbolsField, text);
        return _textNumbers[text] = _count++;
    }
}
