namespace Vigie.Model;

/// <summary>
/// A reusable buffer of samples of one series, in columns, ascending by time. Owned by the reader; a store appends to it.
/// Arrays grow by doubling and are kept between series, so a query allocates per worker, not per series.
/// </summary>
public sealed class SampleColumns
{
    long[] _timestamps = new long[256];
    double[] _values = new double[256];
    FloatHistogram?[]? _histograms;
    long[]? _startTimestamps;

    public int Count { get; private set; }

    /// <summary>Samples the buffer has room for without growing.</summary>
    public int Capacity => _timestamps.Length;

    /// <summary>Unix milliseconds, strictly ascending.</summary>
    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);

    /// <summary>Float values; a sample that is a native histogram has 0 here, a staleness marker of either kind the stale NaN.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Empty if no sample is a histogram, else one entry per sample, null where the sample is a float.</summary>
    public ReadOnlySpan<FloatHistogram?> Histograms => _histograms is null ? default : _histograms.AsSpan(0, Count);

    /// <summary>Like <see cref="Histograms"/>, to replace histograms in the buffer (never to change them: a store may share them).</summary>
    public Span<FloatHistogram?> MutableHistograms => _histograms is null ? default : _histograms.AsSpan(0, Count);

    /// <summary>Empty if no sample carries a start timestamp, else one entry per sample (0 = unknown), Unix milliseconds.</summary>
    public ReadOnlySpan<long> StartTimestamps => _startTimestamps is null ? default : _startTimestamps.AsSpan(0, Count);

    public bool HasHistograms => _histograms is not null;

    public void Clear()
    {
        Count = 0;
        _histograms = null;
        _startTimestamps = null;
    }

    public void Add(long timestampMs, double value, long startTimestampMs = 0)
    {
        int at = Extend();
        _timestamps[at] = timestampMs;
        _values[at] = value;
        if (startTimestampMs != 0) SetStart(at, startTimestampMs);
    }

    public void Add(long timestampMs, FloatHistogram histogram, long startTimestampMs = 0)
    {
        int at = Extend();
        _timestamps[at] = timestampMs;
        _values[at] = 0;
        _histograms ??= new FloatHistogram?[_timestamps.Length];
        _histograms[at] = histogram;
        if (startTimestampMs != 0) SetStart(at, startTimestampMs);
    }

    /// <summary>
    /// Room for <paramref name="count"/> float samples, to be filled by a decoder in bulk; follow with <see cref="Commit"/>.
    /// </summary>
    public void Reserve(int count, out Span<long> timestamps, out Span<double> values)
    {
        EnsureCapacity(Count + count);
        timestamps = _timestamps.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
    }

    /// <summary>Makes the first <paramref name="count"/> samples of the last <see cref="Reserve"/> part of the buffer.</summary>
    public void Commit(int count) => Count += count;

    /// <summary>Drops samples from the end until <paramref name="count"/> are left.</summary>
    public void Truncate(int count)
    {
        if (count >= Count) return;
        if (_histograms is not null) Array.Clear(_histograms, count, Count - count);
        if (_startTimestamps is not null) Array.Clear(_startTimestamps, count, Count - count);
        Count = count;
    }

    int Extend()
    {
        EnsureCapacity(Count + 1);
        return Count++;
    }

    void SetStart(int at, long startTimestampMs) => (_startTimestamps ??= new long[_timestamps.Length])[at] = startTimestampMs;

    void EnsureCapacity(int needed)
    {
        if (needed <= _timestamps.Length) return;
        int capacity = Math.Max(needed, _timestamps.Length * 2);
        Array.Resize(ref _timestamps, capacity);
        Array.Resize(ref _values, capacity);
        if (_histograms is not null) Array.Resize(ref _histograms, capacity);
        if (_startTimestamps is not null) Array.Resize(ref _startTimestamps, capacity);
    }
}
