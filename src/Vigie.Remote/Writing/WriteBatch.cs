using Vigie.Model;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote;

/// <summary>What one request will hold, in columns. Filled by one thread, then sent by another; reused.</summary>
sealed class WriteBatch(int samplesMax)
{
    readonly EncodedSeries[] _series = new EncodedSeries[samplesMax];
    readonly long[] _timestamps = new long[samplesMax];
    readonly double[] _values = new double[samplesMax];
    readonly List<(EncodedSeries Series, long TimestampMs, FloatHistogram Histogram)> _histograms = [];
    readonly List<(EncodedSeries Series, Exemplar Exemplar)> _exemplars = [];

    /// <summary>Float samples.</summary>
    public int Samples { get; private set; }
    public int Histograms => _histograms.Count;
    public int Exemplars => _exemplars.Count;
    public int Count => Samples + _histograms.Count + _exemplars.Count;
    public bool IsFull => Count >= samplesMax;

    /// <summary>Of its first sample in the log.</summary>
    public LogPosition First { get; private set; }

    /// <summary>Behind its last sample in the log.</summary>
    public LogPosition End { get; private set; }

    /// <summary>Unix milliseconds; <see cref="long.MinValue"/> if there are no samples.</summary>
    public long NewestMs { get; private set; } = long.MinValue;

    /// <summary>That the series were encoded with.</summary>
    public SymbolPool Pool { get; private set; } = null!;

    public void Begin(SymbolPool pool, LogPosition first)
    {
        Samples = 0;
        _histograms.Clear();
        _exemplars.Clear();
        NewestMs = long.MinValue;
        (Pool, First, End) = (pool, first, first);
    }

    public void Add(EncodedSeries series, long timestampMs, double value, LogPosition position)
    {
        int at = Samples++;
        _series[at] = series;
        _timestamps[at] = timestampMs;
        _values[at] = value;
        Note(timestampMs, position);
    }

    public void Add(EncodedSeries series, long timestampMs, FloatHistogram histogram, LogPosition position)
    {
        _histograms.Add((series, timestampMs, histogram));
        Note(timestampMs, position);
    }

    public void Add(EncodedSeries series, in Exemplar exemplar, LogPosition position)
    {
        _exemplars.Add((series, exemplar));
        End = position with { Index = position.Index + 1 };
    }

    /// <summary>Takes a part of another batch, for a request of its own.</summary>
    /// <param name="from">Index among samples, then histograms, then exemplars.</param>
    public void CopyPart(WriteBatch whole, int from, int count)
    {
        Begin(whole.Pool, whole.First);
        for (int i = from; i < from + count; i++)
        {
            if (i < whole.Samples) Add(whole._series[i], whole._timestamps[i], whole._values[i], whole.End);
            else if (i - whole.Samples is var h && h < whole.Histograms)
                Add(whole._histograms[h].Series, whole._histograms[h].TimestampMs, whole._histograms[h].Histogram, whole.End);
            else Add(whole._exemplars[i - whole.Samples - whole.Histograms].Series, whole._exemplars[i - whole.Samples - whole.Histograms].Exemplar,
                whole.End);
        }
        End = whole.End;
    }

    /// <summary>Takes out what is older than a time.</summary>
    /// <returns>Samples and histograms taken out.</returns>
    public (int Samples, int Histograms) RemoveBefore(long timestampMs)
    {
        int kept = 0;
        for (int i = 0; i < Samples; i++)
        {
            if (_timestamps[i] < timestampMs) continue;
            (_series[kept], _timestamps[kept], _values[kept]) = (_series[i], _timestamps[i], _values[i]);
            kept++;
        }
        int samples = Samples - kept;
        Samples = kept;
        return (samples, _histograms.RemoveAll(one => one.TimestampMs < timestampMs));
    }

    /// <summary>Encodes the request; valid until the encoder is used again.</summary>
    public ReadOnlySpan<byte> Encode(IRemoteWriteEncoder encoder)
    {
        encoder.Begin(Pool);
        for (int i = 0; i < Samples;)
        {
            int end = i + 1;
            while (end < Samples && ReferenceEquals(_series[end], _series[i])) end++;
            encoder.Add(_series[i], _timestamps.AsSpan(i, end - i), _values.AsSpan(i, end - i));
            i = end;
        }
        foreach (var (series, timestamp, histogram) in _histograms) encoder.Add(series, timestamp, histogram);
        foreach (var (series, exemplar) in _exemplars) encoder.Add(series, exemplar);
        return encoder.Finish();
    }

    void Note(long timestampMs, LogPosition position)
    {
        NewestMs = Math.Max(NewestMs, timestampMs);
        End = position with { Index = position.Index + 1 };
    }
}
