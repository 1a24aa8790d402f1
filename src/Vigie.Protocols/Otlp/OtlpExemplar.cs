using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>Reads Exemplar messages of metrics.proto.</summary>
static class OtlpExemplar
{
    /// <summary>
    /// Most characters of all labels together (OpenMetrics 1.0, exemplars); attributes that would exceed it are left out.
    /// </summary>
    const int LabelCharactersMax = 128;

    const string TraceId = "trace_id", SpanId = "span_id";

    /// <exception cref="ProtocolException">The message is malformed.</exception>
    /// <exception cref="OtlpRefusal">It has no value.</exception>
    public static Exemplar Read(ReadOnlySpan<byte> message)
    {
        double value = 0;
        ulong timeNs = 0;
        bool hasValue = false;
        var labels = new LabelsBuilder();
        List<(string Key, string Value)>? attributes = null;
        int characters = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: timeNs = reader.ReadFixed64(); break;
                case 3:
                    (value, hasValue) = (reader.ReadDouble(), true);
                    break;
                case 6:
                    (value, hasValue) = (unchecked((long)reader.ReadFixed64()), true);
                    break;
                case 4: characters += AddId(labels, SpanId, reader.ReadBytes()); break;
                case 5: characters += AddId(labels, TraceId, reader.ReadBytes()); break;
                case 7:
                    var attribute = AttributeText.Read(reader.ReadBytes());
                    (attributes ??= []).Add(attribute);
                    characters += CharactersOf(attribute.Key) + CharactersOf(attribute.Value);
                    break;
                default: reader.Skip(); break;
            }
        }
        if (!hasValue) throw new OtlpRefusal("unsupported exemplar value type: Empty");
        if (attributes is not null && characters <= LabelCharactersMax)
            foreach (var (key, text) in attributes) labels.Set(key, text);
        return new Exemplar(labels.Build(), value, unchecked((long)timeNs) / 1_000_000, HasTimestamp: true);
    }

    static int AddId(LabelsBuilder labels, string name, ReadOnlySpan<byte> id)
    {
        if (id.IndexOfAnyExcept((byte)0) < 0) return 0;
        labels.Set(name, Convert.ToHexStringLower(id));
        return name.Length + id.Length * 2;
    }

    static int CharactersOf(string text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }
}
