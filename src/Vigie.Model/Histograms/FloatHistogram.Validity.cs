using System.Globalization;

namespace Vigie.Model;

/// <content>What histograms that come from outside must keep to, so that nothing else here has to doubt them.</content>
public sealed partial class FloatHistogram
{
    /// <summary>Farthest index of a bucket: indexes stay numbers that can be calculated with.</summary>
    const int IndexMax = 1 << 30;

    /// <summary>Null, or the first thing that makes no sense; the rules are those of Prometheus' FloatHistogram.Validate.</summary>
    public string? FindProblem() =>
        SchemaProblem()
        ?? SideProblem("positive", PositiveSpans, PositiveBuckets)
        ?? SideProblem("negative", NegativeSpans, NegativeBuckets)
        ?? (UsesCustomBuckets ? CustomProblem() : null);

    string? SchemaProblem()
    {
        if (UsesCustomBuckets) return null;
        if (!ExponentialBounds.IsExponential(Schema))
            return string.Create(CultureInfo.InvariantCulture,
                $"found schema {Schema}, expected {ExponentialBounds.SchemaMin} to {ExponentialBounds.SchemaMax} or {CustomBucketsSchema}");
        return CustomValues.Length == 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"found {CustomValues.Length} custom bounds with exponential schema {Schema}");
    }

    static string? SideProblem(string side, HistogramSpan[] spans, double[] buckets)
    {
        long required = 0, index = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            var (offset, length) = spans[i];
            if (length < 0) return string.Create(CultureInfo.InvariantCulture, $"{side} side: span number {i + 1} with length {length}");
            if (i > 0 && offset < 0) return string.Create(CultureInfo.InvariantCulture, $"{side} side: span number {i + 1} with offset {offset}");
            required += length;
            index += offset + (long)length;
            if (index is < -IndexMax or > IndexMax)
                return string.Create(CultureInfo.InvariantCulture, $"{side} side: span number {i + 1} ends at bucket {index}, too far out");
        }
        if (required != buckets.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{side} side: spans require {required} buckets, have {buckets.Length}");
        for (int i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] < 0)
                return $"{side} side: bucket number {i + 1} has observation count of {GoNumber.FormatGeneral(buckets[i])}";
        }
        return null;
    }

    string? CustomProblem()
    {
        if (NegativeSpans.Length > 0) return "custom buckets: must not have negative buckets";
        if (ZeroCount != 0 || ZeroThreshold != 0) return "custom buckets: must not have a zero bucket";
        for (int i = 0; i < CustomValues.Length; i++)
        {
            double bound = CustomValues[i];
            if (!double.IsFinite(bound) || (i > 0 && bound <= CustomValues[i - 1]))
                return $"custom buckets: found bound {GoNumber.FormatGeneral(bound)}, expected finite bounds in ascending order";
        }
        int end = 0;
        foreach (var (offset, length) in PositiveSpans)
        {
            end += offset;
            if (end < 0) return string.Create(CultureInfo.InvariantCulture, $"custom buckets: found a span from bucket {end}");
            end += length;
        }
        return end <= CustomValues.Length + 1 ? null : string.Create(CultureInfo.InvariantCulture,
            $"custom buckets: only {CustomValues.Length} custom bounds defined which is insufficient to cover total span length of {end}");
    }
}
