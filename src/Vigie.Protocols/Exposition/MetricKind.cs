namespace Vigie.Protocols.Exposition;

/// <summary>The type of a metric family.</summary>
public enum MetricKind : byte { Unknown, Counter, Gauge, Histogram, GaugeHistogram, Summary, Info, StateSet }

/// <summary>The names of metric types on the wire.</summary>
public static class MetricKinds
{
    static readonly string[] Names = ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    /// <summary>The name used by OpenMetrics and by the metadata API.</summary>
    public static string NameOf(MetricKind kind) => Names[(int)kind];

    /// <summary>The name used by the text format 0.0.4, which knows fewer types.</summary>
    public static string TextNameOf(MetricKind kind) => kind switch
    {
        MetricKind.Unknown => "untyped",
        MetricKind.Info or MetricKind.StateSet => "gauge",
        MetricKind.GaugeHistogram => "histogram",
        _ => Names[(int)kind],
    };

    internal static bool TryParse(ReadOnlySpan<byte> name, bool openMetrics, out MetricKind kind)
    {
        kind = MetricKind.Unknown;
        if (name.SequenceEqual("counter"u8)) kind = MetricKind.Counter;
        else if (name.SequenceEqual("gauge"u8)) kind = MetricKind.Gauge;
        else if (name.SequenceEqual("histogram"u8)) kind = MetricKind.Histogram;
        else if (name.SequenceEqual("summary"u8)) kind = MetricKind.Summary;
        else if (!openMetrics) return name.SequenceEqual("untyped"u8);
        else if (name.SequenceEqual("gaugehistogram"u8)) kind = MetricKind.GaugeHistogram;
        else if (name.SequenceEqual("info"u8)) kind = MetricKind.Info;
        else if (name.SequenceEqual("stateset"u8)) kind = MetricKind.StateSet;
        else return name.SequenceEqual("unknown"u8);
        return true;
    }
}
