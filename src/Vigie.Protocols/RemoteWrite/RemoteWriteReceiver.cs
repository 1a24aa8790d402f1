using System.Buffers;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>How a remote write request went.</summary>
/// <param name="Problem">Null, or why part of the request was refused: the sender must not send that part again.</param>
public readonly record struct RemoteWriteResult(int Samples, int Histograms, int Exemplars, string? Problem);

/// <summary>
/// Decodes remote write requests (Prometheus remote write specification 1.0 and 2.0, already decompressed) straight into a sink. Series seen
/// before are recognised by the bytes of their labels. Not thread-safe: one per request at a time; the cache is shared.
/// </summary>
public sealed class RemoteWriteReceiver(ISampleSink sink, SeriesKeyCache cache)
{
    const int SeriesLabelsMax = 512;
    readonly SampleBatch _batch = new();
    readonly LabelsBuilder _labels = new();
    readonly List<Range> _symbols = [];
    readonly ArrayBufferWriter<byte> _key = new(1024);
    string? _problem;
    int _exemplars;

    /// <exception cref="ProtocolException">The message is malformed; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot accept data now; nothing was stored.</exception>
    public RemoteWriteResult AppendV1(ReadOnlySpan<byte> message)
    {
        Begin();
        var request = new ProtobufReader(message);
        while (request.Next())
        {
            switch (request.Field)
            {
                case 1: TimeSeriesV1(Bytes(ref request)); break;
                case 3: MetadataV1(Bytes(ref request)); break;
                default: request.Skip(); break;
            }
        }
        return Finish();
    }

    /// <inheritdoc cref="AppendV1"/>
    public RemoteWriteResult AppendV2(ReadOnlySpan<byte> message)
    {
        Begin();
        _symbols.Clear();
        var symbols = new ProtobufReader(message);
        while (symbols.Next())
        {
            if (symbols.Field != 4)
            {
                symbols.Skip();
                continue;
            }
            int length = Bytes(ref symbols).Length;
            _symbols.Add((symbols.Position - length)..symbols.Position);
        }
        var request = new ProtobufReader(message);
        while (request.Next())
        {
            if (request.Field == 5) TimeSeriesV2(message, Bytes(ref request));
            else request.Skip();
        }
        return Finish();
    }

    void Begin()
    {
        _batch.Clear();
        _problem = null;
        _exemplars = 0;
    }

    RemoteWriteResult Finish()
    {
        if (_batch.Count == 0 && _batch.Exemplars.Count == 0) return new RemoteWriteResult(0, 0, 0, _problem);
        var result = sink.Append(_batch);
        int histograms = 0;
        foreach (var (index, _) in _batch.Histograms)
            if (_batch.OutcomeOf(index) == AppendOutcome.Stored) histograms++;
        if (result.Stored < _batch.Count) _problem ??= Explain(result);
        return new RemoteWriteResult(result.Stored - histograms, histograms, _exemplars, _problem);
    }

    static string Explain(in AppendResult result)
    {
        if (result.OutOfOrder > 0) return "out of order sample";
        if (result.DuplicateTimestamp > 0) return "duplicate sample for timestamp";
        if (result.TooOld > 0) return "out of bounds";
        return "unknown series reference, send again";
    }

    void TimeSeriesV1(ReadOnlySpan<byte> series)
    {
        // Senders write the labels first and together, so their bytes as they stand are the key.
        int labelsEnd = 0;
        var prefix = new ProtobufReader(series);
        while (prefix.Next() && prefix.Field == 1)
        {
            prefix.Skip();
            labelsEnd = prefix.Position;
        }
        var key = series[..labelsEnd];
        if (!cache.TryGet(key, out var reference))
        {
            if (!ReadLabelsV1(key) || !Resolve(out reference)) return;
            cache.Set(key, reference);
        }
        var reader = new ProtobufReader(series[labelsEnd..]);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: Sample(Bytes(ref reader), reference); break;
                case 3: Exemplar(Bytes(ref reader), reference); break;
                case 4: Histogram(Bytes(ref reader), reference); break;
                case 1: throw new ProtocolException("remote write: found labels after samples, expected all labels first");
                default: reader.Skip(); break;
            }
        }
    }

    void TimeSeriesV2(ReadOnlySpan<byte> message, ReadOnlySpan<byte> series)
    {
        _key.ResetWrittenCount();
        var labels = new ProtobufReader(series);
        while (labels.Next())
        {
            if (labels.Field == 1) AddSymbols(ref labels, message);
            else labels.Skip();
        }
        if (!cache.TryGet(_key.WrittenSpan, out var reference))
        {
            if (!ReadLabelsV2(_key.WrittenSpan) || !Resolve(out reference)) return;
            cache.Set(_key.WrittenSpan, reference);
        }
        var reader = new ProtobufReader(series);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: Sample(Bytes(ref reader), reference); break;
                case 3: Histogram(Bytes(ref reader), reference); break;
                case 5: MetadataV2(Bytes(ref reader), message); break;
                default: reader.Skip(); break;
            }
        }
    }

    /// <summary>Appends the symbols a labels_refs field names to the key, each with its length before it.</summary>
    void AddSymbols(ref ProtobufReader labels, ReadOnlySpan<byte> message)
    {
        if (labels.WireType == WireType.Varint)
        {
            AddSymbol(Symbol(labels.ReadVarint(), message));
            return;
        }
        var packed = new ProtobufReader(Bytes(ref labels));
        while (!packed.AtEnd) AddSymbol(Symbol(packed.ReadVarint(), message));
    }

    void AddSymbol(ReadOnlySpan<byte> symbol)
    {
        var output = _key.GetSpan(symbol.Length + 4);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(output, symbol.Length);
        symbol.CopyTo(output[4..]);
        _key.Advance(symbol.Length + 4);
    }

    ReadOnlySpan<byte> Symbol(ulong reference, ReadOnlySpan<byte> message)
    {
        if (reference >= (ulong)_symbols.Count)
            throw new ProtocolException($"remote write: found symbol {reference}, expected less than {_symbols.Count}");
        return message[_symbols[(int)reference]];
    }

    bool ReadLabelsV1(ReadOnlySpan<byte> fields)
    {
        _labels.Clear();
        string previous = "";
        var reader = new ProtobufReader(fields);
        while (reader.Next())
        {
            string name = "", value = "";
            var label = new ProtobufReader(Bytes(ref reader));
            while (label.Next())
            {
                if (label.Field == 1) name = Text(Bytes(ref label));
                else if (label.Field == 2) value = Text(Bytes(ref label));
                else label.Skip();
            }
            if (!AddLabel(name, value, ref previous)) return false;
        }
        return true;
    }

    bool ReadLabelsV2(ReadOnlySpan<byte> key)
    {
        _labels.Clear();
        string previous = "";
        while (key.Length > 0)
        {
            string name = TakeText(ref key);
            if (key.Length == 0) throw new ProtocolException("remote write: found an odd number of label references");
            if (!AddLabel(name, TakeText(ref key), ref previous)) return false;
        }
        return true;
    }

    static string TakeText(ref ReadOnlySpan<byte> key)
    {
        int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(key);
        string text = Text(key.Slice(4, length));
        key = key[(4 + length)..];
        return text;
    }

    bool AddLabel(string name, string value, ref string previous)
    {
        if (name.Length == 0) return Refuse("invalid labels: found an empty label name");
        int order = Labels.CompareText(previous, name);
        if (order == 0) return Refuse($"invalid labels: found label {GoText.Quote(name)} twice");
        if (order > 0) return Refuse($"invalid labels: found label {GoText.Quote(name)} after {GoText.Quote(previous)}, expected sorted names");
        if (_labels.Pairs.Count >= SeriesLabelsMax) return Refuse($"invalid labels: found more than {SeriesLabelsMax} labels");
        _labels.Set(name, value);
        previous = name;
        return true;
    }

    bool Resolve(out SeriesRef reference)
    {
        reference = default;
        if (_labels[LabelNames.MetricName].Length == 0) return Refuse("invalid labels: found no metric name");
        try
        {
            reference = sink.Resolve(_labels.Build());
            return true;
        }
        catch (SeriesLimitException problem)
        {
            return Refuse(problem.Message);
        }
    }

    bool Refuse(string problem)
    {
        _problem ??= problem;
        return false;
    }

    void Sample(ReadOnlySpan<byte> message, SeriesRef series)
    {
        double value = 0;
        long timestampMs = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1 && reader.WireType == WireType.Fixed64) value = reader.ReadDouble();
            else if (reader.Field == 2 && reader.WireType == WireType.Varint) timestampMs = reader.ReadInt64();
            else reader.Skip();
        }
        _batch.Add(series, timestampMs, value);
    }

    void Histogram(ReadOnlySpan<byte> message, SeriesRef series)
    {
        var (histogram, timestampMs) = HistogramMessage.Read(message);
        _batch.Add(series, timestampMs, histogram);
    }

    void Exemplar(ReadOnlySpan<byte> message, SeriesRef series)
    {
        double value = 0;
        long timestampMs = 0;
        _labels.Clear();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                string name = "", text = "";
                var label = new ProtobufReader(Bytes(ref reader));
                while (label.Next())
                {
                    if (label.Field == 1) name = Text(Bytes(ref label));
                    else if (label.Field == 2) text = Text(Bytes(ref label));
                    else label.Skip();
                }
                _labels.Set(name, text);
            }
            else if (reader.Field == 2 && reader.WireType == WireType.Fixed64) value = reader.ReadDouble();
            else if (reader.Field == 3 && reader.WireType == WireType.Varint) timestampMs = reader.ReadInt64();
            else reader.Skip();
        }
        _batch.AddExemplar(series, new Exemplar(_labels.Build(), value, timestampMs, true));
        _exemplars++;
    }

    void MetadataV1(ReadOnlySpan<byte> message)
    {
        ulong type = 0;
        string family = "", help = "", unit = "";
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.WireType == WireType.Varint: type = reader.ReadVarint(); break;
                case 2: family = Text(Bytes(ref reader)); break;
                case 4: help = Text(Bytes(ref reader)); break;
                case 5: unit = Text(Bytes(ref reader)); break;
                default: reader.Skip(); break;
            }
        }
        if (family.Length > 0) sink.SetMetadata(family, new MetricMetadata(TypeName(type), help, unit));
    }

    void MetadataV2(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> message)
    {
        ulong type = 0, help = 0, unit = 0;
        var reader = new ProtobufReader(metadata);
        while (reader.Next())
        {
            if (reader.WireType != WireType.Varint) reader.Skip();
            else if (reader.Field == 1) type = reader.ReadVarint();
            else if (reader.Field == 3) help = reader.ReadVarint();
            else if (reader.Field == 4) unit = reader.ReadVarint();
            else reader.Skip();
        }
        if (type == 0 && help == 0 && unit == 0) return;
        ReadLabelsV2(_key.WrittenSpan);
        string name = _labels[LabelNames.MetricName];
        if (name.Length > 0) sink.SetMetadata(name, new MetricMetadata(TypeName(type), Text(Symbol(help, message)), Text(Symbol(unit, message))));
    }

    static string TypeName(ulong type) => type switch
    {
        1 => "counter",
        2 => "gauge",
        3 => "histogram",
        4 => "gaugehistogram",
        5 => "summary",
        6 => "info",
        7 => "stateset",
        _ => "unknown",
    };

    static ReadOnlySpan<byte> Bytes(ref ProtobufReader reader)
    {
        reader.Expect(WireType.LengthDelimited);
        return reader.ReadBytes();
    }

    static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException("remote write: found text that is not UTF-8");
        }
    }

    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
}
