namespace Vigie.Model;

/// <summary>What a native histogram says about a counter reset between it and the one before (Prometheus, CounterResetHint).</summary>
public enum CounterResetHint : byte { Unknown, CounterReset, NotCounterReset, Gauge }

/// <summary>A run of populated buckets: <see cref="Offset"/> is the gap to the run before (for the first: the first bucket's index).</summary>
public readonly record struct HistogramSpan(int Offset, int Length);

/// <summary>
/// A native histogram with float counts: exponential buckets (schema −4…8) or custom bounds (schema −53).
/// Counts are absolute, not deltas. Follows Prometheus' model/histogram.FloatHistogram.
/// </summary>
public sealed partial class FloatHistogram
{
    public const int CustomBucketsSchema = -53;

    public CounterResetHint CounterResetHint { get; set; }
    public int Schema { get; set; }
    /// <summary>Width of the zero bucket: values in [−ZeroThreshold, ZeroThreshold].</summary>
    public double ZeroThreshold { get; set; }
    public double ZeroCount { get; set; }
    public double Count { get; set; }
    public double Sum { get; set; }
    public HistogramSpan[] PositiveSpans { get; set; } = [];
    public HistogramSpan[] NegativeSpans { get; set; } = [];
    public double[] PositiveBuckets { get; set; } = [];
    public double[] NegativeBuckets { get; set; } = [];
    /// <summary>Upper bounds of custom buckets, ascending, without +Inf; empty for exponential schemas.</summary>
    public double[] CustomValues { get; set; } = [];

    public bool UsesCustomBuckets => Schema == CustomBucketsSchema;
}
