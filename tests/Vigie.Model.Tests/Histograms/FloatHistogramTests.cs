using Vigie.Testing;

namespace Vigie.Model.Tests.Histograms;

/// <summary>Laws of histogram arithmetic, tried with random histograms.</summary>
public class FloatHistogramTests
{
    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(50)];

    static FloatHistogram Random(SeededRandom random, bool custom = false)
    {
        var histogram = new FloatHistogram { Schema = custom ? FloatHistogram.CustomBucketsSchema : random.Next(-1, 3) };
        if (custom) histogram.CustomValues = [.. Enumerable.Range(1, 6).Where(_ => random.Chance(70)).Select(b => (double)b)];
        else
        {
            (histogram.NegativeSpans, histogram.NegativeBuckets) = Side(random, -3, 4);
            // Below all buckets.
            histogram.ZeroThreshold = 0.001;
            histogram.ZeroCount = random.Next(4);
        }
        (histogram.PositiveSpans, histogram.PositiveBuckets) = custom ? Side(random, 0, histogram.CustomValues.Length + 1) : Side(random, -3, 4);
        histogram.Count = histogram.PositiveBuckets.Sum() + histogram.NegativeBuckets.Sum() + histogram.ZeroCount;
        histogram.Sum = random.Next(-50, 50);
        if (!custom && random.Chance(40)) histogram.Add(new FloatHistogram { Schema = histogram.Schema, ZeroThreshold = random.Pick(0.5, 1, 2) });
        return histogram;
    }

    static (HistogramSpan[], double[]) Side(SeededRandom random, int from, int to)
    {
        var spans = new List<HistogramSpan>();
        var counts = new List<double>();
        int next = 0;
        for (int index = from; index < to; index++)
        {
            if (random.Chance(40)) continue;
            spans.Add(new HistogramSpan(index - next, 1));
            counts.Add(random.Next(1, 9));
            next = index + 1;
        }
        return ([.. spans], [.. counts]);
    }

    static double Total(FloatHistogram histogram)
    {
        double total = 0;
        foreach (var bucket in histogram.Buckets) total += bucket.Count;
        return total;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Add_KeepsEveryObservation(ulong seed)
    {
        var random = new SeededRandom(seed);
        bool custom = random.Chance(50);
        var left = Random(random, custom);
        var right = Random(random, custom);
        var sum = left.Copy();
        Assert.True(sum.Add(right).Compatible);
        Assert.Equal(Total(left) + Total(right), Total(sum));
        Assert.Equal(sum.Count, Total(sum));
        Assert.False(sum.IsResetAfter(left));
        Assert.False(sum.IsResetAfter(right));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Subtract_UndoesAdd(ulong seed)
    {
        var random = new SeededRandom(seed);
        var left = Random(random);
        var right = Random(random);
        var expected = left.Copy();
        expected.Add(right);
        expected.Subtract(right);
        var result = left.Copy();
        result.Add(right);
        result.Subtract(right);
        Assert.Equal(Total(left), Total(result.Compact()));
        Assert.True(result.SameAs(expected.Compact()));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void KahanAdd_OfWholeNumbersEqualsAdd(ulong seed)
    {
        var random = new SeededRandom(seed);
        bool custom = random.Chance(50);
        var plain = Random(random, custom);
        var compensated = plain.Copy();
        FloatHistogram? compensation = null;
        for (int i = 0; i < 4; i++)
        {
            var next = Random(random, custom);
            plain.Add(next);
            compensated.KahanAdd(next, ref compensation);
        }
        compensated.Add(compensation!);
        Assert.True(compensated.Compact().SameAs(plain.Compact()), $"{compensated} {plain}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Quantile_IsInverseOfFraction(ulong seed)
    {
        var histogram = Random(new SeededRandom(seed));
        if (histogram.Count == 0) return;
        foreach (double q in (double[])[0.1, 0.33, 0.5, 0.8])
        {
            double value = histogram.Quantile(q, out _);
            Assert.Equal(q, histogram.Fraction(double.NegativeInfinity, value, out _), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Buckets_DescendingIsAscendingReversed(ulong seed)
    {
        var histogram = Random(new SeededRandom(seed));
        var ascending = new List<HistogramBucket>();
        foreach (var bucket in histogram.Buckets) ascending.Add(bucket);
        var descending = new List<HistogramBucket>();
        foreach (var bucket in histogram.BucketsDescending) descending.Add(bucket);
        descending.Reverse();
        Assert.Equal(ascending, descending);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Trim_SplitsTheObservations(ulong seed)
    {
        var random = new SeededRandom(seed);
        var histogram = Random(random);
        double bound = random.Next(-40, 40) / 10d;
        Assert.Equal(histogram.Count, histogram.TrimAbove(bound).Count + histogram.TrimBelow(bound).Count, 1e-9);
    }

    [Fact]
    public void ReduceResolution_JoinsPairsOfBuckets()
    {
        var histogram = new FloatHistogram { Schema = 1, PositiveSpans = [new HistogramSpan(1, 4)], PositiveBuckets = [1, 2, 3, 4] };
        histogram.ReduceResolution(0);
        Assert.Equal([new HistogramSpan(1, 2)], histogram.PositiveSpans);
        Assert.Equal([3, 7], histogram.PositiveBuckets);
    }

    [Fact]
    public void Add_OfExponentialAndCustomBuckets_IsRefused()
    {
        var custom = new FloatHistogram { Schema = FloatHistogram.CustomBucketsSchema };
        Assert.False(new FloatHistogram().Add(custom).Compatible);
    }
}
