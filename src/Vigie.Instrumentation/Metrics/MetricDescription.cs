using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

/// <summary>What a metric is: the parts of an instrument that must agree when several instruments have one name.</summary>
/// <param name="Name">The Prometheus name, of samples as written (a counter's with its _total).</param>
/// <param name="Type">The type on the page.</param>
/// <param name="Recording">How a measurement changes its series.</param>
/// <param name="Help">The help text, or "".</param>
/// <param name="Unit">The unit as a Prometheus suffix ("seconds"), or null.</param>
/// <param name="Buckets">Upper bounds of a histogram's buckets without +Inf, ascending; empty for other types.</param>
sealed record MetricDescription(
    string Name, MetricType Type, Recording Recording, string Help, string? Unit, double[] Buckets)
{
    public static MetricDescription Of(Instrument instrument, MetricsExporterOptions options)
    {
        var (type, recording) = Kind(instrument);
        var name = MetricName.Of(instrument, type);
        return new MetricDescription(name, type, recording, instrument.Description ?? "", MetricName.UnitSuffix(instrument.Unit),
            type == MetricType.Histogram ? BucketsOf(name, instrument, options) : []);
    }

    /// <summary>Whether measurements of the two can share series.</summary>
    public bool IsCompatibleWith(MetricDescription other) =>
        Type == other.Type && Recording == other.Recording && Buckets.AsSpan().SequenceEqual(other.Buckets);

    static (MetricType, Recording) Kind(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type switch
        {
            _ when type == typeof(Counter<>) => (MetricType.Counter, Recording.AddIncrease),
            _ when type == typeof(UpDownCounter<>) => (MetricType.Gauge, Recording.Add),
            _ when type == typeof(Histogram<>) => (MetricType.Histogram, Recording.Distribute),
            _ when type == typeof(ObservableCounter<>) => (MetricType.Counter, Recording.ObserveSum),
            _ when type == typeof(ObservableUpDownCounter<>) => (MetricType.Gauge, Recording.ObserveSum),
            _ when instrument.IsObservable => (MetricType.Gauge, Recording.ObserveLast),
            _ => (MetricType.Gauge, Recording.Set),
        };
    }

    static double[] BucketsOf(string name, Instrument instrument, MetricsExporterOptions options)
    {
        if (options.Buckets.TryGetValue(name, out var configured)) return configured;
        return Advised(instrument) is { Length: > 0 } advised ? advised : options.DefaultBuckets;
    }

    static double[]? Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries?.ToArray(),
        Histogram<float> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<decimal> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<short> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<byte> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        _ => null,
    };
}

/// <summary>How a measurement changes its series.</summary>
enum Recording
{
    /// <summary>Added; negative increments are ignored, a counter never falls.</summary>
    AddIncrease,

    /// <summary>Added.</summary>
    Add,

    /// <summary>Replaces the value.</summary>
    Set,

    /// <summary>Counted in its bucket.</summary>
    Distribute,

    /// <summary>Observed at collection; several instruments' values of one series are added up.</summary>
    ObserveSum,

    /// <summary>Observed at collection; the last instrument's value stands.</summary>
    ObserveLast,
}
