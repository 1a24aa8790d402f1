using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>A series as one version of remote write names it, encoded once. Immutable but for its metadata, which may be set by any
/// thread.</summary>
public sealed class EncodedSeries
{
    readonly byte[] _labelFields;
    readonly int[] _symbols;
    volatile EncodedMetadata? _metadata;

    EncodedSeries(Labels labels, byte[] labelFields, int[] symbols) => (Labels, _labelFields, _symbols) = (labels, labelFields, symbols);

    public Labels Labels { get; }

    /// <summary>The labels as fields of a TimeSeries message of version 1.0; empty if they are encoded for 2.0.</summary>
    public ReadOnlySpan<byte> LabelFields => _labelFields;

    /// <summary>Name, value, name, value, ... as numbers of a <see cref="SymbolPool"/>; empty if they are encoded for 1.0.</summary>
    public ReadOnlySpan<int> Symbols => _symbols;

    /// <summary>Of the metric, sent along in version 2.0; null if not known.</summary>
    public EncodedMetadata? Metadata
    {
        get => _metadata;
        set => _metadata = value;
    }

    public static EncodedSeries ForV1(Labels labels)
    {
        var writer = new ProtobufWriter(256);
        WriteLabels(writer, labels);
        return new EncodedSeries(labels, writer.Written.ToArray(), []);
    }

    public static EncodedSeries ForV2(Labels labels, SymbolPool pool)
    {
        var symbols = new int[labels.Count * 2];
        int at = 0;
        foreach (ref readonly var label in labels.Pairs)
        {
            symbols[at++] = pool.NumberOf(label.Name);
            symbols[at++] = pool.NumberOf(label.Value);
        }
        return new EncodedSeries(labels, [], symbols);
    }

    /// <summary>Label messages as field 1, as time series and exemplars of version 1.0 have them.</summary>
    internal static void WriteLabels(ProtobufWriter output, Labels labels)
    {
        foreach (ref readonly var label in labels.Pairs)
        {
            int start = output.Begin(1);
            output.Text(1, label.Name);
            output.Text(2, label.Value);
            output.End(start);
        }
    }
}

/// <summary>Metadata of a metric with its texts as numbers of a <see cref="SymbolPool"/>.</summary>
public sealed record EncodedMetadata(ulong Type, int Help, int Unit)
{
    public static EncodedMetadata Of(in MetricMetadata metadata, SymbolPool pool) =>
        new(MetricTypes.NumberOf(metadata.Type), pool.NumberOf(metadata.Help), pool.NumberOf(metadata.Unit));
}
