using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>Compares a result with the series a script expects. Numbers are equal within a relative error of 10⁻⁶.</summary>
static class ResultComparison
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Compare(EvalCommand eval, QueryValue found)
    {
        var expected = eval.Expectation;
        return found switch
        {
            StringValue text => expected.Text == text.Text ? null : $"found string {GoText.Quote(text.Text)}",
            ScalarValue scalar => CompareScalar(expected, scalar.Value),
            VectorValue vector => CompareVector(expected, vector),
            MatrixValue matrix when eval.IsInstant && expected.RangeVector is null =>
                "found a range vector, which the script does not expect"
                + (matrix.Count == 0 ? " (empty)" : ""),
            MatrixValue matrix => CompareMatrix(expected, matrix, expected.RangeVector ?? eval.Grid, sorted: !eval.IsInstant),
            _ => "found a value of unknown kind",
        };
    }

    static string? CompareScalar(EvalExpectation expected, double found)
    {
        if (expected.Scalar is not { } wanted) return $"found scalar {GoNumber.FormatFixed(found)}";
        return NearlyEqual.Numbers(found, wanted)
            ? null
            : $"found scalar {GoNumber.FormatFixed(found)}, expected {GoNumber.FormatFixed(wanted)}";
    }

    static string? CompareVector(EvalExpectation expected, VectorValue found)
    {
        if (expected.Scalar is not null) return "found a vector, expected a scalar";
        if (expected.Text is not null) return "found a vector, expected a string";
        var positions = IndexByLabels(expected, out string? problem);
        if (problem is not null) return problem;
        var seen = new HashSet<Labels>();
        for (int i = 0; i < found.Count; i++)
        {
            var labels = found.LabelsOf(i);
            if (!seen.Add(labels)) return $"found {labels} twice";
            if (!positions.TryGetValue(labels, out int position))
                return $"unexpected series {labels} {Print(found.ValueOf(i), found.HistogramOf(i))}";
            if (expected.Ordered && position != i) return $"found {labels} at position {i + 1}, expected at {position + 1}";
            var values = expected.Series[position].Series.Values;
            if (values.Length != 1) return $"{labels}: the script gives {values.Length} values, an instant query has one";
            if (CompareSample(values[0], found.ValueOf(i), found.HistogramOf(i)) is { } difference) return $"{labels}: {difference}";
        }
        return MissingOf(expected, seen);
    }

    static string? CompareMatrix(EvalExpectation expected, MatrixValue found, EvalGrid grid, bool sorted)
    {
        var positions = IndexByLabels(expected, out string? problem);
        if (problem is not null) return problem;
        var seen = new HashSet<Labels>();
        for (int i = 0; i < found.Count; i++)
        {
            var labels = found.LabelsOf(i);
            if (!seen.Add(labels)) return $"found {labels} twice";
            if (sorted && i > 0 && found.LabelsOf(i - 1).CompareTo(labels) > 0)
                return $"series are not sorted: {labels} after {found.LabelsOf(i - 1)}";
            if (!positions.TryGetValue(labels, out int position)) return $"unexpected series {labels}";
            if (CompareSamples(expected.Series[position].Series, found, i, grid) is { } difference) return $"{labels}: {difference}";
        }
        return MissingOf(expected, seen);
    }

    static string? CompareSamples(SeriesDescription expected, MatrixValue found, int series, EvalGrid grid)
    {
        var timestamps = found.TimestampsOf(series);
        var values = found.ValuesOf(series);
        var histograms = found.HistogramsOf(series);
        int next = 0;
        for (int step = 0; step < Math.Max(grid.StepCount, expected.Values.Length); step++)
        {
            long timeMs = grid.StartMs + step * grid.StepMs;
            var wanted = step < expected.Values.Length ? expected.Values[step] : SequenceValue.Omitted;
            bool present = next < timestamps.Length && timestamps[next] == timeMs;
            if (wanted.IsOmitted)
            {
                if (present) return At(timeMs, $"unexpected sample {Print(values[next], HistogramAt(histograms, next))}");
                continue;
            }
            if (!present) return At(timeMs, $"no sample, expected {Print(wanted.Value, wanted.Histogram)}");
            if (CompareSample(wanted, values[next], HistogramAt(histograms, next)) is { } difference) return At(timeMs, difference);
            next++;
        }
        return next < timestamps.Length ? At(timestamps[next], "unexpected sample") : null;
    }

    /// <summary>Compares the samples at one time of a range query with the expectation of an instant query.</summary>
    public static string? CompareMiddle(EvalCommand eval, QueryValue found, long timeMs)
    {
        if (found is not MatrixValue matrix) return "found no range";
        var positions = IndexByLabels(eval.Expectation, out string? problem);
        if (problem is not null) return problem;
        var seen = new HashSet<Labels>();
        for (int i = 0; i < matrix.Count; i++)
        {
            int at = matrix.TimestampsOf(i).IndexOf(timeMs);
            if (at < 0) continue;
            var labels = matrix.LabelsOf(i);
            seen.Add(labels);
            if (!positions.TryGetValue(labels, out int position)) return $"unexpected series {labels}";
            var wanted = eval.Expectation.Series[position].Series.Values[0];
            if (CompareSample(wanted, matrix.ValuesOf(i)[at], HistogramAt(matrix.HistogramsOf(i), at)) is { } difference)
                return $"{labels}: {difference}";
        }
        return MissingOf(eval.Expectation, seen);
    }

    static Dictionary<Labels, int> IndexByLabels(EvalExpectation expected, out string? problem)
    {
        var positions = new Dictionary<Labels, int>();
        problem = null;
        for (int i = 0; i < expected.Series.Length; i++)
        {
            var labels = expected.Series[i].Series.Labels;
            if (!positions.TryAdd(labels, i)) problem = $"the script expects {labels} twice";
        }
        return positions;
    }

    static string? MissingOf(EvalExpectation expected, HashSet<Labels> seen)
    {
        foreach (var (_, series) in expected.Series)
            if (!seen.Contains(series.Labels) && series.Values.Any(v => !v.IsOmitted)) return $"no series {series.Labels}";
        return null;
    }

    static string? CompareSample(SequenceValue expected, double value, FloatHistogram? histogram)
    {
        if (expected.Histogram is { } wanted && histogram is not null)
        {
            if (expected.HintGiven && wanted.CounterResetHint != histogram.CounterResetHint)
                return $"found counter reset hint {histogram.CounterResetHint}, expected {wanted.CounterResetHint}";
            return NearlyEqual.Histograms(histogram, wanted) ? null : Differ();
        }
        if (expected.Histogram is not null || histogram is not null) return Differ();
        return NearlyEqual.Numbers(value, expected.Value) ? null : Differ();

        string Differ() => $"found {Print(value, histogram)}, expected {Print(expected.Value, expected.Histogram)}";
    }

    static FloatHistogram? HistogramAt(ReadOnlySpan<FloatHistogram?> histograms, int index) =>
        histograms.IsEmpty ? null : histograms[index];

    static string Print(double value, FloatHistogram? histogram) =>
        histogram is not null ? histogram.ToTestNotation() : StaleMarker.IsStale(value) ? "stale" : GoNumber.FormatFixed(value);

    static string At(long timeMs, string problem) => string.Create(CultureInfo.InvariantCulture, $"at {timeMs} ms: {problem}");
}
