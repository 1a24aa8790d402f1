using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

/// <summary>What a <see cref="MetricsExporter"/> collects, and its bounds.</summary>
public sealed class MetricsExporterOptions
{
    /// <summary>
    /// Whether a meter's instruments are exported. The default takes all but those of .NET itself (<c>System.*</c>, <c>Microsoft.*</c>):
    /// the HTTP, process and runtime metrics of this library say the same under customary names.
    /// </summary>
    public Func<Meter, bool> IncludeMeter { get; set; } = meter =>
        !meter.Name.StartsWith("System.", StringComparison.Ordinal) && !meter.Name.StartsWith("Microsoft.", StringComparison.Ordinal);

    /// <summary>
    /// Upper bounds of the buckets of histograms that have none of their own, ascending, without +Inf. The default is the one of
    /// Prometheus' client libraries (DefBuckets), made for latencies in seconds.
    /// </summary>
    public double[] DefaultBuckets { get; set; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Bucket bounds by metric name; wins over <see cref="InstrumentAdvice{T}"/> and <see cref="DefaultBuckets"/>.</summary>
    public IDictionary<string, double[]> Buckets { get; } = new Dictionary<string, double[]>(StringComparer.Ordinal);

    /// <summary>Most label sets of a metric, default 1,000. Those above go into one series, <c>vigie_overflow="true"</c>.</summary>
    public int SeriesPerMetricMax { get; set; } = 1000;

    internal void Validate()
    {
        if (SeriesPerMetricMax < 1)
            throw new ArgumentException($"{nameof(SeriesPerMetricMax)}: {SeriesPerMetricMax}, expected at least 1");
        Validate(nameof(DefaultBuckets), DefaultBuckets);
        foreach (var (name, bounds) in Buckets) Validate($"{nameof(Buckets)}[\"{name}\"]", bounds);
    }

    static void Validate(string option, double[] bounds)
    {
        for (var i = 0; i < bounds.Length; i++)
        {
            if (!double.IsFinite(bounds[i])) throw new ArgumentException($"{option}: {bounds[i]}, expected a finite number; +Inf is added");
            if (i > 0 && bounds[i] <= bounds[i - 1])
                throw new ArgumentException($"{option}: {bounds[i]} after {bounds[i - 1]}, expected ascending bounds");
        }
    }
}
