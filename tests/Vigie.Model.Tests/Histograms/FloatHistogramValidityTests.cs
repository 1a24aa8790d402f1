namespace Vigie.Model.Tests.Histograms;

public sealed class FloatHistogramValidityTests
{
    const int Custom = FloatHistogram.CustomBucketsSchema;

    /// <param name="layout">Offset, length, offset, length, ... of the spans.</param>
    static FloatHistogram Of(int schema, int[] layout, double[] buckets, double[]? bounds = null) => new()
    {
        Schema = schema,
        PositiveSpans = SpansOf(layout),
        PositiveBuckets = buckets,
        CustomValues = bounds ?? [],
    };

    static HistogramSpan[] SpansOf(int[] layout) => [.. layout.Chunk(2).Select(pair => new HistogramSpan(pair[0], pair[1]))];

    public static TheoryData<FloatHistogram, string?> Histograms => new()
    {
        { new FloatHistogram(), null },
        { Of(8, [-3, 1, 0, 0, 2, 2], [1, double.NaN, 0]), null },
        { Of(-4, [1 << 29, 1], [1]), null },
        { Of(Custom, [0, 1, 1, 1], [1, 2], [0.5, 1]), null },
        { new FloatHistogram { Count = StaleMarker.Value, Sum = StaleMarker.Value }, null },
        { Of(9, [], []), "found schema 9, expected -4 to 8 or -53" },
        { Of(-5, [], []), "found schema -5, expected -4 to 8 or -53" },
        { Of(0, [], [], [1]), "found 1 custom bounds with exponential schema 0" },
        { Of(0, [0, 2], [1]), "positive side: spans require 2 buckets, have 1" },
        { Of(0, [0, 1], [1, 2]), "positive side: spans require 1 buckets, have 2" },
        { Of(0, [-3, 1, -1, 1], [1, 2]), "positive side: span number 2 with offset -1" },
        { Of(0, [0, -1], []), "positive side: span number 1 with length -1" },
        { Of(0, [0, 1], [-2]), "positive side: bucket number 1 has observation count of -2" },
        { Of(0, [int.MaxValue, 1], [1]), "positive side: span number 1 ends at bucket 2147483648, too far out" },
        { Of(0, [int.MinValue, 1], [1]), "positive side: span number 1 ends at bucket -2147483647, too far out" },
        { new FloatHistogram { NegativeSpans = SpansOf([0, 2]), NegativeBuckets = [1] }, "negative side: spans require 2 buckets, have 1" },
        { new FloatHistogram { Schema = Custom, NegativeSpans = SpansOf([0, 1]), NegativeBuckets = [1] }, "custom buckets: must not have negative buckets" },
        { new FloatHistogram { Schema = Custom, ZeroCount = 1 }, "custom buckets: must not have a zero bucket" },
        { Of(Custom, [], [], [1, 1]), "custom buckets: found bound 1, expected finite bounds in ascending order" },
        { Of(Custom, [], [], [double.PositiveInfinity]), "custom buckets: found bound +Inf, expected finite bounds in ascending order" },
        { Of(Custom, [-1, 1], [1], [1]), "custom buckets: found a span from bucket -1" },
        { Of(Custom, [1, 2], [1, 2], [1]),
            "custom buckets: only 1 custom bounds defined which is insufficient to cover total span length of 3" },
    };

    [Theory]
    [MemberData(nameof(Histograms))]
    public void FindProblem_SaysWhatMakesNoSense(FloatHistogram histogram, string? expected) => Assert.Equal(expected, histogram.FindProblem());
}
