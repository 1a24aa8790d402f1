namespace Vigie.Model;

/// <summary>
/// Samples for one <see cref="ISampleSink.Append"/>, in columns. Reused by its owner: <see cref="Clear"/>, add, append. Not thread-safe.
/// Samples that arrive together (a scrape) share one timestamp: see <see cref="SharedTimestampMs"/>.
/// </summary>
public sealed class SampleBatch
{
    SeriesRef[] _series = new SeriesRef[64];
    long[] _timestamps = new long[64];
    double[] _values = new double[64];
    AppendOutcome[] _outcomes = new AppendOutcome[64];
    long[] _starts = [];
    List<(int Index, FloatHistogram Histogram)>? _histograms;
    List<(SeriesRef Series, Exemplar Exemplar)>? _exemplars;

    public int Count { get; private set; }
    public ReadOnlySpan<SeriesRef> Series => _series.AsSpan(0, Count);
    /// <summary>Unix milliseconds.</summary>
    public ReadOnlySpan<long> Timestamps => _timestamps.AsSpan(0, Count);
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);
    /// <summary>Histogram samples by ascending index; their entry in <see cref="Values"/> is meaningless.</summary>
    public IReadOnlyList<(int Index, FloatHistogram Histogram)> Histograms =>
        _histograms ?? (IReadOnlyList<(int, FloatHistogram)>)Array.Empty<(int, FloatHistogram)>();
    public IReadOnlyList<(SeriesRef Series, Exemplar Exemplar)> Exemplars =>
        _exemplars ?? (IReadOnlyList<(SeriesRef, Exemplar)>)Array.Empty<(SeriesRef, Exemplar)>();

    /// <summary>The timestamp of all samples, or null if they differ (or there are none).</summary>
    public long? SharedTimestampMs => Count > 0 && !_mixedTimestamps ? _timestamps[0] : null;

    /// <summary>
    /// Advice: batches with the same series in the same order will follow (a scrape target's page), so that a store may remember the shape
    /// from the first one on. Kept by <see cref="Clear"/>.
    /// </summary>
    public bool RepeatsShape { get; set; }

    const long ZeroMark = long.MinValue;

    bool _mixedTimestamps;

    /// <summary>
    /// When the counter of the sample added last began to count, Unix milliseconds; 0 if that is not known. A store may ignore it.
    /// </summary>
    public void SetStart(long startMs)
    {
        if (startMs == 0 && _starts.Length == 0) return;
        if (_starts.Length < _series.Length) Array.Resize(ref _starts, _series.Length);
        _starts[Count - 1] = startMs;
        HasStarts = true;
    }

    /// <summary>True if any sample has a start.</summary>
    public bool HasStarts { get; private set; }

    /// <inheritdoc cref="SetStart"/>
    public long StartOf(int index) => HasStarts && index < _starts.Length && _starts[index] != ZeroMark ? _starts[index] : 0;

    /// <summary>
    /// Adds a zero at the moment a counter began to count. A store keeps it only if the series has nothing at that moment or later; otherwise
    /// it is left out and no mistake.
    /// </summary>
    /// <param name="like">For a series of histograms: one of them, whose schema and bounds the empty one gets.</param>
    public void AddZeroAtStart(SeriesRef series, long startMs, FloatHistogram? like = null)
    {
        if (like is null) Add(series, startMs, 0);
        else
        {
            Add(series, startMs, new FloatHistogram
            {
                Schema = like.Schema, ZeroThreshold = like.ZeroThreshold, CustomValues = like.CustomValues,
                CounterResetHint = CounterResetHint.CounterReset,
            });
        }
        SetStart(ZeroMark);
    }

    /// <summary>Whether a sample was added by <see cref="AddZeroAtStart"/>.</summary>
    public bool IsZeroAtStart(int index) => HasStarts && index < _starts.Length && _starts[index] == ZeroMark;

    public void Add(SeriesRef series, long timestampMs, double value)
    {
        if (Count == _series.Length) Grow();
        if (Count > 0 && timestampMs != _timestamps[0]) _mixedTimestamps = true;
        _series[Count] = series;
        _timestamps[Count] = timestampMs;
        _values[Count] = value;
        Count++;
    }

    /// <summary>Room for the values of samples to come, see <see cref="AddReserved"/>.</summary>
    public Span<double> Reserve(int count)
    {
        while (Count + count > _series.Length) Grow();
        return _values.AsSpan(Count, count);
    }

    /// <summary>Adds a sample for each of the series, with the values that were written to the room reserved before.</summary>
    public void AddReserved(ReadOnlySpan<SeriesRef> series, long timestampMs)
    {
        if (Count > 0 && timestampMs != _timestamps[0]) _mixedTimestamps = true;
        series.CopyTo(_series.AsSpan(Count));
        _timestamps.AsSpan(Count, series.Length).Fill(timestampMs);
        Count += series.Length;
    }

    public void Add(SeriesRef series, long timestampMs, FloatHistogram histogram)
    {
        (_histograms ??= []).Add((Count, histogram));
        Add(series, timestampMs, 0);
    }

    public void AddExemplar(SeriesRef series, in Exemplar exemplar) => (_exemplars ??= []).Add((series, exemplar));

    /// <summary>For the store: what it remembers of the batch from one append to the next. Kept by <see cref="Clear"/>.</summary>
    public object? StoreMemory { get; set; }

    public void Clear()
    {
        if (HasStarts) _starts.AsSpan().Clear();
        HasStarts = false;
        Count = 0;
        _mixedTimestamps = false;
        _histograms?.Clear();
        _exemplars?.Clear();
    }

    /// <summary>What became of a sample in the last append.</summary>
    public AppendOutcome OutcomeOf(int index) => _outcomes[index];

    /// <summary>For the store: one entry per sample, to be filled by the append.</summary>
    public Span<AppendOutcome> Outcomes => _outcomes.AsSpan(0, Count);

    void Grow()
    {
        int capacity = _series.Length * 2;
        Array.Resize(ref _series, capacity);
        Array.Resize(ref _timestamps, capacity);
        Array.Resize(ref _values, capacity);
        Array.Resize(ref _outcomes, capacity);
    }
}

/// <summary>A reference from a sample to something outside, usually a trace (OpenMetrics).</summary>
public readonly record struct Exemplar(Labels Labels, double Value, long TimestampMs, bool HasTimestamp);
