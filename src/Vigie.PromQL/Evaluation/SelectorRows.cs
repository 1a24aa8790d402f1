using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>An instant selector: at each step the newest sample of a series within the lookback, unless it is a staleness marker.</summary>
sealed class SelectorRows : VectorRows
{
    /// <summary>Steps from which on it pays to remember where the samples of a series lie.</summary>
    const int SharedStepsMin = 8;

    readonly ISeriesSet _set;
    readonly StepGrid _grid;
    readonly long _lookbackMs, _offsetMs;
    readonly long? _atMs;
    readonly SampleTimes _times;
    readonly WindowFrame _frame;
    readonly bool _namesMatter, _detectsResets;

    /// <param name="times">What to put into the cells instead of the values.</param>
    /// <param name="detectsResets">See <see cref="HistogramStatistics"/>.</param>
    public SelectorRows(ISeriesSet set, StepGrid grid, VectorSelector selector, long lookbackMs, SampleTimes times, bool detectsResets)
    {
        _detectsResets = detectsResets;
        _set = set;
        _grid = grid;
        _lookbackMs = lookbackMs;
        _offsetMs = selector.Time.OffsetMs;
        _atMs = selector.Time.TimestampMs;
        _times = times;
        _frame = new WindowFrame(grid, lookbackMs, _offsetMs, _atMs, RangeEdges.Plain);
        _namesMatter = LabelRules.NamesMatter(selector, set);
    }

    public override int Count => _set.Count;
    public override Labels LabelsAt(int row) => _set.LabelsOf(row);
    public override bool NamesMatter => _namesMatter;

    public override void Fill(int row, Row target, Worker worker)
    {
        var columns = worker.RentColumns();
        columns.Clear();
        _set.Read(row, columns);
        if (_detectsResets) HistogramStatistics.DetectResets(columns);
        target.Histograms.Clear();
        if (_atMs is { } at)
        {
            int found = Find(columns, at - _offsetMs);
            for (int step = 0; step < target.Steps; step++) Put(columns, found, target, step);
        }
        else if (_times == SampleTimes.No && !columns.HasHistograms && target.Steps >= SharedStepsMin) FillFloats(columns, target.Values, worker);
        else FillSteps(columns, target);
        worker.LoadedSamples += target.SampleCount();
        if (worker.Evaluator.StepCounts is { } counts)
            for (int step = 0; step < target.Steps; step++) counts.Add(_grid, step, target.HasAt(step) ? 1 : 0);
        worker.Return(columns);
    }

    unsafe void FillFloats(SampleColumns columns, Span<double> cells, Worker worker)
    {
        var windows = worker.WindowsOf(this);
        windows.Find(columns.Timestamps, _frame, cells.Length);
        var from = windows.From;
        var to = windows.To;
        var values = columns.Values;
        // A staleness marker copied into the cell says just what is meant: nothing here.
        int step = 0;
        if (Avx2.IsSupported && !values.IsEmpty)
        {
            var absent = Vector256.Create(Cell.Absent);
            fixed (double* samples = values)
            {
                for (; step + 4 <= cells.Length; step += 4)
                {
                    var ends = Vector128.Create(to[step..]);
                    var found = StepSamples.Load(samples, Vector128.Max(ends - Vector128<int>.One, Vector128<int>.Zero));
                    var any = Vector256.WidenLower(Vector128.GreaterThan(ends, Vector128.Create(from[step..])).ToVector256Unsafe()).AsDouble();
                    Vector256.ConditionalSelect(any, found, absent).CopyTo(cells[step..]);
                }
            }
        }
        for (; step < cells.Length; step++) cells[step] = to[step] > from[step] ? values[to[step] - 1] : Cell.Absent;
    }

    void FillSteps(SampleColumns columns, Row target)
    {
        var times = columns.Timestamps;
        int newest = -1;
        long time = _grid.StartMs - _offsetMs;
        for (int step = 0; step < target.Steps; step++, time += _grid.StepMs)
        {
            while (newest + 1 < times.Length && times[newest + 1] <= time) newest++;
            Put(columns, newest >= 0 && times[newest] > time - _lookbackMs ? newest : -1, target, step);
        }
    }

    int Find(SampleColumns columns, long time)
    {
        var times = columns.Timestamps;
        int at = times.BinarySearch(time);
        if (at < 0) at = ~at - 1;
        return at >= 0 && times[at] > time - _lookbackMs ? at : -1;
    }

    void Put(SampleColumns columns, int found, Row target, int step)
    {
        target.Values[step] = Cell.Absent;
        if (found < 0) return;
        var histogram = columns.HasHistograms ? columns.Histograms[found] : null;
        if (StaleMarker.IsStale(histogram?.Sum ?? columns.Values[found])) return;
        switch (_times)
        {
            case SampleTimes.InfoSample when histogram is not null:
                throw new QueryEvaluationException($"this should be an info metric, with float samples: {_set.LabelsOf(0)}");
            case SampleTimes.Sample or SampleTimes.InfoSample:
                target.Values[step] = columns.Timestamps[found] / 1000d;
                break;
            case SampleTimes.Start:
                long start = columns.StartTimestamps.IsEmpty ? 0 : columns.StartTimestamps[found];
                target.Values[step] = start / 1000d;
                break;
            default:
                if (histogram is null) target.Values[step] = columns.Values[found];
                else target.Histograms[step] = histogram;
                break;
        }
    }
}

/// <summary>Which time of a sample stands for its value.</summary>
enum SampleTimes : byte
{
    No,
    Sample,
    /// <summary>The start timestamp; 0 if it is not known.</summary>
    Start,
    /// <summary>Like <see cref="Sample"/>; histograms are refused.</summary>
    InfoSample,
}
