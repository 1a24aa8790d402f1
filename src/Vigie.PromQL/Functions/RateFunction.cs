using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// rate, increase and delta: the difference between the last and the first sample of a window, counter resets added, extrapolated to the edges of
/// the window as far as the spacing of the samples makes plausible (Prometheus, promql/functions.go, extrapolatedRate).
/// </summary>
sealed partial class RateFunction(bool isCounter, bool perSecond) : RangeFunction
{
    const int ResetsOnStack = 64;

    public override bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output)
    {
        if (!samples.FloatStarts.IsEmpty) return false;
        var values = samples.Floats;
        if (values.IsEmpty)
        {
            Cell.Clear(output.Values);
            return true;
        }
        Span<int> resets = stackalloc int[ResetsOnStack];
        int resetCount = 0;
        if (isCounter) FindResets(values, ref resets, ref resetCount);

        var windows = context.FindWindows(samples.FloatTimes, output.Steps);
        context.CountLoaded(windows.Loaded);
        int steps = output.Steps;
        var scratch = context.Scratch(2 * steps);
        var differences = scratch[..steps];
        var firsts = scratch.Slice(steps, steps);
        Difference(values, windows.From, windows.To, differences, firsts);
        if (resetCount > 0) AddResets(values, windows.From, windows.To, resets[..resetCount], differences);
        windows.Extrapolation(context.Frame)
            .Extrapolate(differences, firsts, isCounter, perSecond, context.Frame.RangeMs / 1000d, output.Values);
        return true;
    }

    /// <summary>The first sample of each window, and the last less the first; anything where a window is empty.</summary>
    static unsafe void Difference(
        ReadOnlySpan<double> values, ReadOnlySpan<int> from, ReadOnlySpan<int> to, Span<double> differences, Span<double> firsts)
    {
        int step = 0;
        if (Avx2.IsSupported)
        {
            var end = Vector128.Create(values.Length - 1);
            fixed (double* samples = values)
            {
                for (; step + 4 <= from.Length; step += 4)
                {
                    var first = StepSamples.Load(samples, Vector128.Min(Vector128.Create(from[step..]), end));
                    var last = StepSamples.Load(samples, Vector128.Max(Vector128.Create(to[step..]) - Vector128<int>.One, Vector128<int>.Zero));
                    first.CopyTo(firsts[step..]);
                    (last - first).CopyTo(differences[step..]);
                }
            }
        }
        for (; step < from.Length; step++)
        {
            firsts[step] = values[Math.Min(from[step], values.Length - 1)];
            differences[step] = values[Math.Max(to[step] - 1, 0)] - firsts[step];
        }
    }

    static void AddResets(ReadOnlySpan<double> values, ReadOnlySpan<int> from, ReadOnlySpan<int> to, ReadOnlySpan<int> resets, Span<double> differences)
    {
        int firstReset = 0;
        for (int step = 0; step < from.Length; step++)
        {
            while (firstReset < resets.Length && resets[firstReset] <= from[step]) firstReset++;
            for (int r = firstReset; r < resets.Length && resets[r] < to[step]; r++) differences[step] += values[resets[r] - 1];
        }
    }

    static void FindResets(ReadOnlySpan<double> values, ref Span<int> resets, ref int count)
    {
        int i = 1;
        for (; i + Vector256<double>.Count <= values.Length; i += Vector256<double>.Count)
        {
            uint less = Vector256.LessThan(Vector256.Create(values[i..]), Vector256.Create(values[(i - 1)..])).ExtractMostSignificantBits();
            for (; less != 0; less &= less - 1) AddReset(i + BitOperations.TrailingZeroCount(less), values.Length, ref resets, ref count);
        }
        for (; i < values.Length; i++)
            if (values[i] < values[i - 1]) AddReset(i, values.Length, ref resets, ref count);
    }

    static void AddReset(int at, int samples, ref Span<int> resets, ref int count)
    {
        if (count == resets.Length)
        {
            var more = new int[Math.Max(samples / 4, count * 2)];
            resets.CopyTo(more);
            resets = more;
        }
        resets[count++] = at;
    }

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (context.Frame.Edges != RangeEdges.Plain)
        {
            EvaluateExtended(window, context, output);
            return;
        }
        if (!window.Histograms.IsEmpty && !window.Floats.IsEmpty)
        {
            context.WarnAboutMix();
            return;
        }
        WarnAboutOverlap(window, context);
        if (window.Histograms.Length > 0) EvaluateHistograms(window, context, output);
        else EvaluateFloats(window, context, output);
    }

    void EvaluateFloats(in Window window, RangeContext context, Row output)
    {
        var values = window.Floats;
        double startDistance = StartDistance(window.FloatStarts, window.FloatTimes, window.StartMs);
        if (values.Length < 2)
        {
            if (startDistance <= 0 || !isCounter) return;
            // A single sample with a known start: the counter grew from zero.
            Extrapolated(output, window, context, values[0], startDistance, null);
            return;
        }
        double difference = values[^1] - values[0];
        if (isCounter)
            for (int i = 1; i < values.Length; i++)
                if (values[i] < values[i - 1] || CounterResets.ByStart(window.FloatStarts, window.FloatTimes, i)) difference += values[i - 1];
        if (isCounter && startDistance > 0)
        {
            Extrapolated(output, window, context, difference + values[0], startDistance, null);
            return;
        }
        double factor = Extrapolation(window.FloatTimes[0], window.FloatTimes[^1], values.Length, window, difference, values[0], context);
        output.SetFloat(window.Step, difference * factor);
    }

    /// <summary>The result where the growth is known from the start of the first sample on: only the right edge is extrapolated.</summary>
    void Extrapolated(Row output, in Window window, RangeContext context, double difference, double startDistance, FloatHistogram? histogram)
    {
        var times = histogram is null ? window.FloatTimes : window.HistogramTimes;
        double sampled = (times[^1] - times[0]) / 1000d + startDistance;
        // A single sample says nothing about the spacing.
        double toEnd = times.Length < 2 ? 0 : (window.EndMs - times[^1]) / 1000d;
        double average = times.Length < 2 ? 1 : (times[^1] - times[0]) / 1000d / (times.Length - 1);
        if (toEnd >= average * 1.1) toEnd = average / 2;
        double factor = (sampled + toEnd) / sampled;
        if (perSecond) factor /= context.Frame.RangeMs / 1000d;
        if (histogram is null) output.SetFloat(window.Step, difference * factor);
        else output.SetHistogram(window.Step, histogram.Multiply(factor));
    }

    /// <returns>Seconds from the start of the first sample, if it is known and lies in the window, to the first sample; else 0.</returns>
    static double StartDistance(ReadOnlySpan<long> starts, ReadOnlySpan<long> times, long windowStart) =>
        !starts.IsEmpty && starts[0] > windowStart && starts[0] < times[0] ? (times[0] - starts[0]) / 1000d : 0;

    void WarnAboutOverlap(in Window window, RangeContext context)
    {
        if (!isCounter) return;
        if (CounterResets.Overlaps(window.FloatStarts, window.FloatTimes) || CounterResets.Overlaps(window.HistogramStarts, window.HistogramTimes))
            context.Warn($"sample has start time that overlaps with previous sample timestamp for metric {GoText.Quote(context.MetricName)}",
                context.RangeSpan);
    }

    /// <param name="first">The first sample; for histograms its count.</param>
    double Extrapolation(long firstTime, long lastTime, int count, in Window window, double difference, double first, RangeContext context)
    {
        double sampled = (lastTime - firstTime) / 1000d;
        return ExtrapolationColumns.Factor(isCounter, perSecond, sampled, sampled / (count - 1), (firstTime - window.StartMs) / 1000d,
            (window.EndMs - lastTime) / 1000d, difference, first, context.Frame.RangeMs / 1000d);
    }

    void EvaluateHistograms(in Window window, RangeContext context, Row output)
    {
        var histograms = window.Histograms;
        double startDistance = StartDistance(window.HistogramStarts, window.HistogramTimes, window.StartMs);
        if (histograms.Length < 2)
        {
            if (startDistance > 0 && isCounter) Extrapolated(output, window, context, 0, startDistance, Gauge(histograms[0].Copy()));
            return;
        }
        if (Difference(window, context) is not { } difference) return;
        if (isCounter && startDistance > 0)
        {
            difference.Add(histograms[0]);
            Extrapolated(output, window, context, 0, startDistance, Gauge(difference));
            return;
        }
        double factor = Extrapolation(window.HistogramTimes[0], window.HistogramTimes[^1], histograms.Length, window, difference.Count,
            histograms[0].Count, context);
        output.SetHistogram(window.Step, difference.Multiply(factor));
    }

    static FloatHistogram Gauge(FloatHistogram histogram)
    {
        histogram.CounterResetHint = CounterResetHint.Gauge;
        return histogram;
    }

    /// <summary>The last histogram minus the first, counter resets added; null if they cannot be subtracted.</summary>
    FloatHistogram? Difference(in Window window, RangeContext context)
    {
        var histograms = window.Histograms;
        var previous = histograms[0];
        var last = histograms[^1];
        if (isCounter && IsResetAt(window, 1))
            // Nothing of the first sample counts then, and its buckets need not fit.
            previous = new FloatHistogram { Schema = histograms[1].Schema, CustomValues = histograms[1].CustomValues };
        bool custom = previous.UsesCustomBuckets;
        int schema = Math.Min(previous.Schema, last.Schema);
        if (last.UsesCustomBuckets != custom)
        {
            WarnAboutTypes(histograms, context);
            context.WarnAboutMixedSchemas(context.RangeSpan);
            return null;
        }
        if (isCounter)
        {
            WarnAboutTypes(histograms, context);
            for (int i = 1; i < histograms.Length - 1; i++)
            {
                if (histograms[i].UsesCustomBuckets != custom)
                {
                    context.WarnAboutMixedSchemas(context.RangeSpan);
                    return null;
                }
                schema = Math.Min(schema, histograms[i].Schema);
            }
        }

        var difference = custom ? last.Copy() : last.AtSchema(schema);
        var outcome = difference.Subtract(previous);
        if (outcome.BoundsReconciled) context.InformAboutReconciledBounds("subtraction", context.RangeSpan);
        if (isCounter)
        {
            for (int i = 1; i < histograms.Length; i++)
            {
                var before = i == 1 ? previous : histograms[i - 1];
                if (!CounterResets.ByStart(window.HistogramStarts, window.HistogramTimes, i) && !histograms[i].IsResetAfter(before)) continue;
                if (difference.Add(before).BoundsReconciled) context.InformAboutReconciledBounds("addition", context.RangeSpan);
            }
        }
        else if (histograms[0].CounterResetHint != CounterResetHint.Gauge || last.CounterResetHint != CounterResetHint.Gauge)
            context.WarnAboutNotGauge(context.RangeSpan);
        difference.CounterResetHint = CounterResetHint.Gauge;
        return difference.Compact();
    }

    static bool IsResetAt(in Window window, int index) =>
        CounterResets.ByStart(window.HistogramStarts, window.HistogramTimes, index)
        || window.Histograms[index].IsResetAfter(window.Histograms[index - 1]);

    void WarnAboutTypes(ReadOnlySpan<FloatHistogram> histograms, RangeContext context)
    {
        if (!isCounter) return;
        foreach (var histogram in histograms)
        {
            if (histogram.CounterResetHint != CounterResetHint.Gauge) continue;
            context.WarnAboutNotCounter(context.RangeSpan);
            return;
        }
    }

    public override void Finish(RangeContext context, Row output)
    {
        if (!isCounter) return;
        string name = context.MetricName;
        if (name.Length == 0) return;
        if (context.Options.TypeAndUnitLabels)
        {
            string type = context.Labels[LabelRules.Type];
            if (type is not ("counter" or "histogram") && Cell.CountPresent(output.Values) > 0)
                context.Inform("metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got "
                    + $"{GoText.Quote(type)}: {GoText.Quote(name)}", context.RangeSpan);
            return;
        }
        if (name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal)
            || name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal)) return;
        if (Cell.CountPresent(output.Values) > 0)
            context.Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {GoText.Quote(name)}",
                context.RangeSpan);
    }
}
