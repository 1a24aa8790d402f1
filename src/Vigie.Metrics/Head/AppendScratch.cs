using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// The samples of one batch that will be stored, in columns, and what their series held before. Reused; belongs to the owner of the append
/// lock.
/// </summary>
sealed class AppendScratch
{
    int[] _slots = new int[256];
    long[] _times = new long[256];
    double[] _values = new double[256];
    int[] _changedSlots = new int[256];
    long[] _oldTimes = new long[256];
    ulong[] _oldBits = new ulong[256];
    int _changes;
    readonly List<int> _lateSlots = [];
    readonly List<long> _lateTimes = [];
    readonly List<double> _lateValues = [];

    /// <summary>Float samples newer than all others of their series.</summary>
    public int Count { get; private set; }
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public ReadOnlySpan<int> OutOfOrderSlots => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lateSlots);
    public ReadOnlySpan<long> OutOfOrderTimes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lateTimes);
    public ReadOnlySpan<double> OutOfOrderValues => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lateValues);

    public List<(int Slot, long TimestampMs, FloatHistogram Histogram)> Histograms { get; } = [];

    /// <summary>Histograms older than the newest sample of their series.</summary>
    public List<(int Slot, long TimestampMs, FloatHistogram Histogram)> OutOfOrderHistograms { get; } = [];

    /// <summary>New exemplars with the labels of their series.</summary>
    public List<(Labels Series, Exemplar Exemplar)> Exemplars { get; } = [];

    public bool IsEmpty => Count == 0 && _lateSlots.Count == 0 && Histograms.Count == 0 && OutOfOrderHistograms.Count == 0;

    public void Clear(int samplesMax)
    {
        Count = _changes = 0;
        _lateSlots.Clear();
        _lateTimes.Clear();
        _lateValues.Clear();
        Histograms.Clear();
        OutOfOrderHistograms.Clear();
        Exemplars.Clear();
        if (_slots.Length >= samplesMax) return;
        int capacity = Math.Max(samplesMax, _slots.Length * 2);
        _slots = new int[capacity];
        _times = new long[capacity];
        _values = new double[capacity];
        _changedSlots = new int[capacity];
        _oldTimes = new long[capacity];
        _oldBits = new ulong[capacity];
    }

    public void Add(int slot, long timestampMs, double value)
    {
        _slots[Count] = slot;
        _times[Count] = timestampMs;
        _values[Count] = value;
        Count++;
    }

    public void Add(int slot, long timestampMs, FloatHistogram histogram) => Histograms.Add((slot, timestampMs, histogram));

    public void AddOutOfOrder(int slot, long timestampMs, double value)
    {
        _lateSlots.Add(slot);
        _lateTimes.Add(timestampMs);
        _lateValues.Add(value);
    }

    /// <summary>What a series' newest sample was before this batch.</summary>
    public void Remember(int slot, long timestampMs, ulong bits)
    {
        _changedSlots[_changes] = slot;
        _oldTimes[_changes] = timestampMs;
        _oldBits[_changes] = bits;
        _changes++;
    }

    /// <summary>The series are as they were before the batch.</summary>
    public void Undo(HeadIndex index)
    {
        while (_changes > 0)
        {
            _changes--;
            ref var series = ref index.Series[_changedSlots[_changes]];
            series.LastTimeMs = _oldTimes[_changes];
            series.LastBits = _oldBits[_changes];
        }
    }
}
