namespace Vigie.PromQL;

/// <summary>
/// Which samples of a series lie in the window of each step. Series that are scraped together share their timestamps, so what was found for one
/// series mostly holds for the next, which is then only compared. One per worker and operator; its memory is the query's.
/// </summary>
sealed class WindowPlaces(QueryMemory memory)
{
    long[] _times = [];
    int[] _from = [], _to = [];
    double[] _columns = [];
    int _count = -1, _steps;
    bool _prepared;

    /// <summary>By step: index of the first sample in the window.</summary>
    public ReadOnlySpan<int> From => _from.AsSpan(0, _steps);

    /// <summary>By step: index behind the last sample in the window.</summary>
    public ReadOnlySpan<int> To => _to.AsSpan(0, _steps);

    /// <summary>Samples in all windows together.</summary>
    public long Loaded { get; private set; }

    /// <param name="frame">The same in every call.</param>
    /// <param name="steps">The same in every call.</param>
    public void Find(ReadOnlySpan<long> times, WindowFrame frame, int steps)
    {
        if (_count == times.Length && times.SequenceEqual(_times.AsSpan(0, _count))) return;
        if (_times.Length < times.Length || _times.Length == 0)
        {
            if (_times.Length > 0) memory.Return(_times);
            _times = memory.RentLongs(Math.Max(1, times.Length));
        }
        if (_steps == 0)
        {
            _from = memory.RentIntegers(steps);
            _to = memory.RentIntegers(steps);
            _steps = steps;
        }
        times.CopyTo(_times);
        _count = times.Length;
        _prepared = false;
        Loaded = Slide(times, frame);
    }

    long Slide(ReadOnlySpan<long> times, WindowFrame frame)
    {
        int from = 0, to = 0;
        long loaded = 0, end = frame.EndAt(0), advance = frame.IsFixed ? 0 : frame.Grid.StepMs;
        for (int step = 0; step < _steps; step++, end += advance)
        {
            while (to < times.Length && times[to] <= end) to++;
            while (from < to && times[from] <= end - frame.RangeMs) from++;
            _from[step] = from;
            _to[step] = to;
            loaded += to - from;
        }
        return loaded;
    }

    /// <summary>What extrapolation needs to know of the windows besides the values in them. Only after <see cref="Find"/>.</summary>
    public ExtrapolationColumns Extrapolation(WindowFrame frame)
    {
        if (_columns.Length == 0) _columns = memory.Rent((long)ExtrapolationColumns.Count * _steps);
        var columns = new ExtrapolationColumns(_columns, _steps);
        if (_prepared) return columns;
        _prepared = true;
        for (int step = 0; step < _steps; step++)
        {
            int from = _from[step], last = _to[step] - 1;
            columns.Intervals[step] = last - from;
            if (last <= from) continue;
            long end = frame.EndAt(step);
            columns.Sampled[step] = _times[last] - _times[from];
            columns.ToStart[step] = _times[from] - (end - frame.RangeMs);
            columns.ToEnd[step] = end - _times[last];
        }
        columns.Prepare();
        return columns;
    }
}
