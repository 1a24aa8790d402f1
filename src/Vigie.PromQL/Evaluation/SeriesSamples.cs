using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The samples of one series for range functions: floats and histograms apart, without staleness markers. Reused between series.</summary>
sealed class SeriesSamples
{
    readonly SampleColumns _columns = new();
    long[] _floatTimes = [], _histogramTimes = [], _floatStarts = [], _histogramStarts = [];
    double[] _floats = [];
    FloatHistogram[] _histograms = [];
    int _floatCount, _histogramCount;
    bool _split, _hasStarts;

    public ReadOnlySpan<long> FloatTimes => _split ? _floatTimes.AsSpan(0, _floatCount) : _columns.Timestamps;
    public ReadOnlySpan<double> Floats => _split ? _floats.AsSpan(0, _floatCount) : _columns.Values;
    public ReadOnlySpan<long> HistogramTimes => _split ? _histogramTimes.AsSpan(0, _histogramCount) : default;
    public ReadOnlySpan<FloatHistogram> Histograms => _split ? _histograms.AsSpan(0, _histogramCount) : default;

    /// <summary>Start timestamps of the floats, 0 where unknown; empty if none is known.</summary>
    public ReadOnlySpan<long> FloatStarts => !_hasStarts ? default : _split ? _floatStarts.AsSpan(0, _floatCount) : _columns.StartTimestamps;

    public ReadOnlySpan<long> HistogramStarts => _hasStarts && _split ? _histogramStarts.AsSpan(0, _histogramCount) : default;

    public bool HasHistograms => _split && _histogramCount > 0;

    /// <summary>Samples there is room for without growing.</summary>
    public int Capacity => Math.Max(_columns.Capacity, _floats.Length);

    public int Count => _split ? _floatCount + _histogramCount : _columns.Count;

    public void Load(ISeriesSet set, int index, bool withStarts, bool detectsResets = false)
    {
        _columns.Clear();
        set.Read(index, _columns);
        if (detectsResets) HistogramStatistics.DetectResets(_columns);
        _hasStarts = withStarts && _columns.StartTimestamps.Length > 0;
        var bits = MemoryMarshal.Cast<double, ulong>(_columns.Values);
        _split = _columns.HasHistograms || bits.Contains(StaleMarker.Bits);
        if (_split) Split();
    }

    /// <summary>Takes the present cells of a row of a subquery. Start timestamps are lost, and so is what hints say about the sample before.</summary>
    public void Load(Row row, StepGrid grid)
    {
        _columns.Clear();
        _hasStarts = false;
        for (int step = 0; step < row.Steps; step++)
        {
            if (Cell.IsPresent(row.Values[step])) _columns.Add(grid.At(step), row.Values[step]);
            else if (row.Histograms[step] is { } histogram)
                _columns.Add(grid.At(step), histogram.CounterResetHint is CounterResetHint.CounterReset or CounterResetHint.NotCounterReset
                    ? histogram.WithHint(CounterResetHint.Unknown)
                    : histogram);
        }
        _split = _columns.HasHistograms;
        if (_split) Split();
    }

    /// <summary>Forgets the series; the memory stays.</summary>
    public void Clear()
    {
        _columns.Clear();
        _histograms = [];
        _histogramCount = _floatCount = 0;
        _split = _hasStarts = false;
    }

    void Split()
    {
        int count = _columns.Count;
        if (_floats.Length < count)
        {
            _floatTimes = new long[count];
            _floats = new double[count];
        }
        if (_hasStarts && _floatStarts.Length < count) _floatStarts = new long[count];
        if (_columns.HasHistograms && _histograms.Length < count)
        {
            if (_histogramTimes.Length < count) _histogramTimes = new long[count];
            _histograms = new FloatHistogram[count];
        }
        if (_hasStarts && _columns.HasHistograms && _histogramStarts.Length < count) _histogramStarts = new long[count];
        _floatCount = _histogramCount = 0;
        var times = _columns.Timestamps;
        var values = _columns.Values;
        var histograms = _columns.Histograms;
        var starts = _hasStarts ? _columns.StartTimestamps : default;
        for (int i = 0; i < count; i++)
        {
            if (!histograms.IsEmpty && histograms[i] is { } histogram)
            {
                if (StaleMarker.IsStale(histogram.Sum)) continue;
                if (_hasStarts) _histogramStarts[_histogramCount] = starts[i];
                _histogramTimes[_histogramCount] = times[i];
                _histograms[_histogramCount++] = histogram;
            }
            else if (!StaleMarker.IsStale(values[i]))
            {
                if (_hasStarts) _floatStarts[_floatCount] = starts[i];
                _floatTimes[_floatCount] = times[i];
                _floats[_floatCount++] = values[i];
            }
        }
    }
}
