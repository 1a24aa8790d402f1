using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The samples of one window: floats and histograms apart, each ascending. Start timestamps are empty or parallel.</summary>
readonly ref struct Window
{
    public required ReadOnlySpan<long> FloatTimes { get; init; }
    public required ReadOnlySpan<double> Floats { get; init; }
    public ReadOnlySpan<long> FloatStarts { get; init; }
    public ReadOnlySpan<long> HistogramTimes { get; init; }
    public ReadOnlySpan<FloatHistogram> Histograms { get; init; }
    public ReadOnlySpan<long> HistogramStarts { get; init; }

    /// <summary>Exclusive; for anchored and smoothed ranges the window may hold samples before it.</summary>
    public required long StartMs { get; init; }

    /// <summary>Inclusive; for smoothed ranges the window may hold samples after it.</summary>
    public required long EndMs { get; init; }

    /// <summary>Which step the window is for.</summary>
    public required int Step { get; init; }

    public int Count => FloatTimes.Length + HistogramTimes.Length;

    /// <summary>True if the newest float is newer than the newest histogram, or there is no histogram.</summary>
    public bool LastIsFloat => Histograms.IsEmpty || (!Floats.IsEmpty && HistogramTimes[^1] < FloatTimes[^1]);

    public bool FirstIsFloat => Histograms.IsEmpty || (!Floats.IsEmpty && FloatTimes[0] < HistogramTimes[0]);
}

/// <summary>Slides over the samples of one series, step by step, without looking at any sample twice.</summary>
ref struct WindowReader
{
    readonly ReadOnlySpan<long> _floatTimes, _histogramTimes, _floatStarts, _histogramStarts;
    readonly ReadOnlySpan<double> _floats;
    readonly ReadOnlySpan<FloatHistogram> _histograms;
    readonly WindowFrame _frame;
    readonly long _beforeMs, _afterMs;
    int _floatFrom, _floatTo, _histogramFrom, _histogramTo;

    public WindowReader(SeriesSamples samples, WindowFrame frame, long lookbackMs)
    {
        _floatTimes = samples.FloatTimes;
        _floats = samples.Floats;
        _floatStarts = samples.FloatStarts;
        _histogramTimes = samples.HistogramTimes;
        _histograms = samples.Histograms;
        _histogramStarts = samples.HistogramStarts;
        _frame = frame;
        _beforeMs = frame.Edges == RangeEdges.Plain ? 0 : lookbackMs;
        _afterMs = frame.Edges == RangeEdges.Smoothed ? lookbackMs : 0;
    }

    /// <summary>The window of a step. Steps must be asked for in ascending order.</summary>
    public Window At(int step)
    {
        long start = _frame.StartAt(step), end = _frame.EndAt(step);
        // A range of zero holds nothing, as (t, t] does.
        Slide(_floatTimes, start - _beforeMs, end + _afterMs, ref _floatFrom, ref _floatTo);
        if (_histogramTimes.IsEmpty)
            return new Window
            {
                FloatTimes = _floatTimes[_floatFrom.._floatTo],
                Floats = _floats[_floatFrom.._floatTo],
                FloatStarts = _floatStarts.IsEmpty ? default : _floatStarts[_floatFrom.._floatTo],
                StartMs = start,
                EndMs = end,
                Step = step,
            };
        Slide(_histogramTimes, start - _beforeMs, end + _afterMs, ref _histogramFrom, ref _histogramTo);
        return new Window
        {
            FloatTimes = _floatTimes[_floatFrom.._floatTo],
            Floats = _floats[_floatFrom.._floatTo],
            FloatStarts = _floatStarts.IsEmpty ? default : _floatStarts[_floatFrom.._floatTo],
            HistogramTimes = _histogramTimes[_histogramFrom.._histogramTo],
            Histograms = _histograms[_histogramFrom.._histogramTo],
            HistogramStarts = _histogramStarts.IsEmpty ? default : _histogramStarts[_histogramFrom.._histogramTo],
            StartMs = start,
            EndMs = end,
            Step = step,
        };
    }

    static void Slide(ReadOnlySpan<long> times, long after, long until, ref int from, ref int to)
    {
        while (to < times.Length && times[to] <= until) to++;
        while (from < to && times[from] <= after) from++;
    }

    /// <summary>Appends the samples in (<paramref name="startMs"/>, <paramref name="endMs"/>] in order of time.</summary>
    public static void CopyInOrder(
        SeriesSamples samples, long startMs, long endMs, List<long> timestamps, List<double> values, List<FloatHistogram?> histograms)
    {
        int f = 0, h = 0;
        var floatTimes = samples.FloatTimes;
        var histogramTimes = samples.HistogramTimes;
        while (f < floatTimes.Length || h < histogramTimes.Length)
        {
            bool isFloat = h >= histogramTimes.Length || (f < floatTimes.Length && floatTimes[f] < histogramTimes[h]);
            long time = isFloat ? floatTimes[f] : histogramTimes[h];
            if (time > startMs && time <= endMs)
            {
                timestamps.Add(time);
                values.Add(isFloat ? samples.Floats[f] : 0);
                histograms.Add(isFloat ? null : samples.Histograms[h]);
            }
            if (isFloat) f++;
            else h++;
        }
    }
}
