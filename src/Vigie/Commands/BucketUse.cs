using System.Globalization;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>How many buckets of one histogram hold something: at least, on average and at most over the samples; and how many there are at all.</summary>
sealed record BucketUse(long Min, double Average, long Max, long Total)
{
    /// <param name="series">A series of an API's matrix.</param>
    /// <returns>Null if there are fewer than two histograms in it.</returns>
    public static BucketUse? OfNative(JsonElement series)
    {
        if (!series.TryGetProperty("histograms", out var samples) || samples.GetArrayLength() < 2) return null;
        var populated = new List<long>();
        var all = new HashSet<(int Bounds, double Lower, double Upper)>();
        foreach (var sample in samples.EnumerateArray())
        {
            int count = 0;
            if (sample[1].TryGetProperty("buckets", out var buckets))
            {
                foreach (var bucket in buckets.EnumerateArray()) all.Add((bucket[0].GetInt32(), Number(bucket[1]), Number(bucket[2])));
                count = buckets.GetArrayLength();
            }
            populated.Add(count);
        }
        return Of(populated, all.Count);
    }

    /// <param name="buckets">The series of one histogram, each with floats, in any order.</param>
    /// <returns>Null if there are fewer than two samples.</returns>
    /// <exception cref="FormatException">The series were not scraped together.</exception>
    public static BucketUse? OfClassic(List<JsonElement> buckets)
    {
        if (buckets[0].GetProperty("values").GetArrayLength() < 2) return null;
        int samples = buckets[0].GetProperty("values").GetArrayLength();
        JsonElement[] sorted = [.. buckets.OrderBy(UpperBound)];
        return Of([.. Enumerable.Range(0, samples).Select(at => Populated(sorted, at))], sorted.Length);
    }

    /// <summary>Least, average and most, and the total if it is something else.</summary>
    public override string ToString() => Text($"{Min}/{Average:F3}/{Max}") + (Max == Total ? "" : Text($"/{Total}"));

    static BucketUse Of(List<long> populated, long total) => new(populated.Min(), (double)populated.Sum() / populated.Count, populated.Max(), total);

    /// <summary>Buckets that hold something besides what those below hold. A series that ends early, and those above it, count as empty.</summary>
    static long Populated(JsonElement[] buckets, int at)
    {
        if (!TrySample(buckets[0], at, out var below)) return 0;
        long count = WholeNumber(Number(below[1])) != 0 ? 1 : 0;
        foreach (var bucket in buckets.AsSpan(1))
        {
            if (!TrySample(bucket, at, out var sample)) break;
            if (sample[0].GetDouble() != below[0].GetDouble()) throw new FormatException("matrix result is not time aligned");
            if (WholeNumber(Number(sample[1]) - Number(below[1])) != 0) count++;
            below = sample;
        }
        return count;
    }

    static bool TrySample(JsonElement series, int at, out JsonElement sample)
    {
        var values = series.GetProperty("values");
        sample = at < values.GetArrayLength() ? values[at] : default;
        return at < values.GetArrayLength();
    }

    static double UpperBound(JsonElement series) =>
        GoNumber.TryParse(series.GetProperty("metric").GetProperty(LabelNames.Bucket).GetString(), out double bound) ? bound : 0;

    static double Number(JsonElement text) => GoNumber.TryParse(text.GetString(), out double value) ? value : double.NaN;

    /// <summary>Go's conversion: towards zero; what is no such number is the least one.</summary>
    static long WholeNumber(double value) => Math.Abs(value) < 9e18 ? (long)value : long.MinValue;

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The use of buckets over several histograms.</summary>
sealed class BucketUseSummary
{
    Range _min = Range.None, _average = Range.None, _max = Range.None, _total = Range.None;

    public int Count => _min.Count;

    public void Add(BucketUse use)
    {
        _min = _min.With(use.Min);
        _average = _average.With((long)use.Average); // towards zero, as upstream
        _max = _max.With(use.Max);
        _total = _total.With(use.Total);
    }

    public override string ToString() => $"histogram series ({Count} in total):\n- min populated: {_min}\n- avg populated: {_average}\n- max populated: {_max}"
        + (_max == _total ? "" : $"\n- total: {_total}");

    readonly record struct Range(long Least, double Average, long Most, int Count)
    {
        public static Range None { get; } = new(long.MaxValue, 0, 0, 0);

        public Range With(long value) => new(
            Math.Min(Least, value), Average + (double)value / (Count + 1) - Average / (Count + 1), Math.Max(Most, value), Count + 1);

        public override string ToString() => BucketUse.Text($"{Least}/{Average:F3}/{Most}");
    }
}
