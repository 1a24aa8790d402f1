using System.Buffers.Binary;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <content>What a series is called, and metadata: read when something new comes, not per sample.</content>
public sealed partial class RemoteWriteReceiver
{
    bool ReadLabelsV1(ReadOnlySpan<byte> fields)
    {
        _labels.Clear();
        var reader = new ProtobufReader(fields);
        while (reader.Next())
        {
            var (name, value) = ReadLabel(reader.ReadBytes());
            if (!AddLabel(name, value)) return false;
        }
        return true;
    }

    static (string Name, string Value) ReadLabel(ReadOnlySpan<byte> message)
    {
        string name = "", value = "";
        var label = new ProtobufReader(message);
        while (label.Next())
        {
            if (label.Field == 1) name = Text(label.ReadBytes());
            else if (label.Field == 2) value = Text(label.ReadBytes());
            else label.Skip();
        }
        return (name, value);
    }

    bool ReadLabelsV2(ReadOnlySpan<byte> key)
    {
        _labels.Clear();
        while (key.Length > 0)
        {
            string name = TakeText(ref key);
            if (key.Length == 0) throw new ProtocolException("remote write: found an odd number of label references");
            if (!AddLabel(name, TakeText(ref key))) return false;
        }
        return true;
    }

    static string TakeText(ref ReadOnlySpan<byte> key)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(key);
        string text = Text(key.Slice(4, length));
        key = key[(4 + length)..];
        return text;
    }

    /// <summary>In any order: not every sender sorts its labels, as the specification asks (vmagent does not).</summary>
    bool AddLabel(string name, string value)
    {
        if (name.Length == 0) return Refuse("invalid labels: found an empty label name");
        if (_labels.Pairs.Count >= SeriesLabelsMax) return Refuse($"invalid labels: found more than {SeriesLabelsMax} labels");
        foreach (var (known, _) in _labels.Pairs)
            if (known == name) return Refuse($"invalid labels: found label {GoText.Quote(name)} twice");
        _labels.Set(name, value);
        return true;
    }

    bool Resolve(out SeriesRef reference)
    {
        reference = default;
        if (_labels[LabelNames.MetricName].Length == 0) return Refuse("invalid labels: found no metric name");
        return sink.TryResolve(_labels.Build(), out reference, out string? refusal) || Refuse(refusal);
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
                case 1: type = reader.ReadVarint(); break;
                case 2: family = Text(reader.ReadBytes()); break;
                case 4: help = Text(reader.ReadBytes()); break;
                case 5: unit = Text(reader.ReadBytes()); break;
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
            if (reader.Field == 1) type = reader.ReadVarint();
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
}
