using Vigie.Model;

namespace Vigie.Metrics.Interchange;

/// <summary>A histogram in a record of Prometheus' log (prometheus tsdb/record): whole counts as differences between buckets, or floats.</summary>
static class PrometheusHistogramRecord
{
    public static FloatHistogram Read(ref GoReader input, bool wholeCounts)
    {
        var histogram = new FloatHistogram
        {
            CounterResetHint = input.Byte() == 3 ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            Schema = unchecked((int)input.Signed()),
            ZeroThreshold = input.Double(),
            ZeroCount = wholeCounts ? input.Unsigned() : input.Double(),
            Count = wholeCounts ? input.Unsigned() : input.Double(),
            Sum = input.Double(),
            PositiveSpans = Spans(ref input),
            NegativeSpans = Spans(ref input),
            PositiveBuckets = Buckets(ref input, wholeCounts),
            NegativeBuckets = Buckets(ref input, wholeCounts),
        };
        if (!histogram.UsesCustomBuckets) return histogram;
        var bounds = new double[input.Count(8)];
        for (int i = 0; i < bounds.Length; i++) bounds[i] = input.Double();
        histogram.CustomValues = bounds;
        return histogram;
    }

    static HistogramSpan[] Spans(ref GoReader input)
    {
        var spans = new HistogramSpan[input.Count(2)];
        for (int i = 0; i < spans.Length; i++)
        {
            int offset = unchecked((int)input.Signed());
            spans[i] = new HistogramSpan(offset, unchecked((int)input.Unsigned()));
        }
        return spans;
    }

    static double[] Buckets(ref GoReader input, bool wholeCounts)
    {
        var counts = new double[input.Count(wholeCounts ? 1 : 8)];
        long count = 0;
        for (int i = 0; i < counts.Length; i++) counts[i] = wholeCounts ? count = unchecked(count + input.Signed()) : input.Double();
        return counts;
    }
}
