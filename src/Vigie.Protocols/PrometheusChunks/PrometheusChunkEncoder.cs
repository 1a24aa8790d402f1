using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>
/// Makes Prometheus chunks of a series' samples, cut where Prometheus would: at 120 samples, where floats and histograms change, where the layout of
/// histograms cannot be shared, at counter resets and behind staleness markers. Reusable; not thread-safe.
/// </summary>
public sealed class PrometheusChunkEncoder
{
    /// <summary>Samples per chunk, at most.</summary>
    public const int SamplesMax = 120;
    const double WholeMax = 1L << 53;

    readonly ChunkBitWriter _output = new();
    readonly FloatHistogram?[] _histograms = new FloatHistogram?[SamplesMax];

    public PrometheusChunkEncoding Encoding { get; private set; }

    /// <summary>The data of the chunk, without length, encoding and checksum; valid until the next call.</summary>
    public ReadOnlySpan<byte> Data => _output.Written;

    /// <summary>Encodes as many samples from <paramref name="start"/> on as one chunk takes.</summary>
    /// <param name="end">Index behind the last sample to take; greater than <paramref name="start"/>.</param>
    /// <returns>Index behind the last sample taken.</returns>
    public int EncodeNext(SampleColumns samples, int start, int end)
    {
        _output.Clear();
        end = Math.Min(end, start + SamplesMax);
        if (HistogramBefore(samples, start, out var histogram)) return EncodeHistograms(samples, start, end, histogram!);
        int stop = start + 1;
        while (stop < end && !HasHistogram(samples, stop)) stop++;
        XorChunk.Encode(samples.Timestamps[start..stop], samples.Values[start..stop], _output);
        Encoding = PrometheusChunkEncoding.Xor;
        return stop;
    }

    static bool HasHistogram(SampleColumns samples, int index) => samples.HasHistograms && samples.Histograms[index] is not null;

    /// <summary>True if the sample is a histogram, or a staleness marker (floats in our columns) that ends a series of histograms.</summary>
    static bool HistogramBefore(SampleColumns samples, int index, out FloatHistogram? histogram)
    {
        histogram = null;
        if (!samples.HasHistograms) return false;
        while (index > 0 && samples.Histograms[index] is null && StaleMarker.IsStale(samples.Values[index])) index--;
        histogram = samples.Histograms[index];
        return histogram is not null;
    }

    int EncodeHistograms(SampleColumns samples, int start, int end, FloatHistogram kind)
    {
        bool whole = HasWholeCounts(kind);
        var first = samples.Histograms[start];
        var layout = first is null ? HistogramLayout.Empty
            : new HistogramLayout(first.Schema, first.ZeroThreshold, first.PositiveSpans, first.NegativeSpans, first.CustomValues);
        var previous = first;
        int stop = start;
        for (; stop < end; stop++)
        {
            var histogram = samples.Histograms[stop];
            if (histogram is null)
            {
                if (!StaleMarker.IsStale(samples.Values[stop])) break;
            }
            else if (stop > start)
            {
                if (previous is null || !MayFollow(histogram, previous, whole)) break;
                layout = layout with
                {
                    PositiveSpans = BucketSpans.Union(layout.PositiveSpans, histogram.PositiveSpans),
                    NegativeSpans = BucketSpans.Union(layout.NegativeSpans, histogram.NegativeSpans),
                };
            }
            previous = histogram;
            _histograms[stop - start] = histogram;
        }
        byte flags = kind.CounterResetHint == CounterResetHint.Gauge ? HistogramChunk.Gauge
            : first?.CounterResetHint == CounterResetHint.CounterReset ? HistogramChunk.CounterReset : (byte)0;
        HistogramChunk.Encode(samples.Timestamps[start..stop], _histograms.AsSpan(0, stop - start), layout, flags, whole, _output);
        Encoding = whole ? PrometheusChunkEncoding.Histogram : PrometheusChunkEncoding.FloatHistogram;
        return stop;
    }

    static bool MayFollow(FloatHistogram next, FloatHistogram previous, bool whole)
    {
        bool isGauge = next.CounterResetHint == CounterResetHint.Gauge;
        return HasWholeCounts(next) == whole
            && isGauge == (previous.CounterResetHint == CounterResetHint.Gauge)
            && next.Schema == previous.Schema && next.ZeroThreshold == previous.ZeroThreshold
            && next.CustomValues.AsSpan().SequenceEqual(previous.CustomValues)
            && (isGauge || !next.IsResetAfter(previous));
    }

    static bool HasWholeCounts(FloatHistogram histogram) =>
        IsWhole(histogram.Count) && IsWhole(histogram.ZeroCount) && AllWhole(histogram.PositiveBuckets) && AllWhole(histogram.NegativeBuckets);

    static bool AllWhole(double[] counts)
    {
        foreach (double count in counts)
            if (!IsWhole(count)) return false;
        return true;
    }

    static bool IsWhole(double value) =>
        value is >= 0 and < WholeMax && BitConverter.DoubleToUInt64Bits((long)value) == BitConverter.DoubleToUInt64Bits(value);
}
