using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Where one query's time, series, samples and bytes went, as a tree of the parts of its expression. Vectors are computed row by row when the part
/// above asks for them, so a part's time is that of its walk and of its rows, those of the parts below included; rows computed by several threads at
/// once add up to more than the query took. A query without a trace does not pay for it.
/// </summary>
public sealed class QueryTrace(TimeProvider clock)
{
    const int TextMax = 300;

    /// <summary>Parts beyond this number are not noted; a generated query may have very many.</summary>
    const int StepsMax = 2000;

    readonly Stack<QueryTraceStep> _open = new();
    int _steps;

    /// <summary>The whole query; null until it has been evaluated.</summary>
    public QueryTraceStep? Root { get; private set; }

    /// <summary>Begins a part below the one that is open. Belongs to the thread that walks the query.</summary>
    /// <returns>Null if there are too many parts already; <see cref="End"/> takes that.</returns>
    internal QueryTraceStep? Begin(string text)
    {
        if (_steps == StepsMax) return null;
        _steps++;
        var step = new QueryTraceStep(text.Length > TextMax ? text[..TextMax] + "…" : text, clock.GetTimestamp());
        if (_open.TryPeek(out var above)) above.Add(step);
        else Root = step;
        _open.Push(step);
        return step;
    }

    internal void End(QueryTraceStep? step)
    {
        if (step is null) return;
        step.AddTime(clock.GetTimestamp() - step.Started);
        while (_open.TryPop(out var open) && open != step)
        {
            // A part that ended in a failure.
        }
    }

    /// <summary>Time of a number of clock ticks.</summary>
    public TimeSpan Elapsed(QueryTraceStep step) => clock.GetElapsedTime(0, step.Ticks);

    internal Operand Watch(QueryTraceStep? step, Operand operand)
    {
        if (step is null) return operand;
        if (operand is VectorRows rows) step.Series = rows.Count;
        // A matrix is computed already, and its owner may want to know it as such.
        if (operand is SeriesMatrix known)
            for (int row = 0; row < known.Count; row++) step.AddSamples(known.PeekAt(row).SampleCount());
        return operand is VectorRows later and not SeriesMatrix ? new WatchedRows(later, step, clock) : operand;
    }

    internal RangeRows Watch(QueryTraceStep? step, RangeRows range)
    {
        if (step is null) return range;
        step.Series = range.Count;
        return new WatchedRange(range, step, clock) { Frame = range.Frame };
    }

    sealed class WatchedRows(VectorRows inner, QueryTraceStep step, TimeProvider clock) : DerivedRows(inner)
    {
        public override void Fill(int row, Row target, Worker worker)
        {
            long started = clock.GetTimestamp();
            Inner.Fill(row, target, worker);
            step.AddTime(clock.GetTimestamp() - started);
            step.AddSamples(target.SampleCount());
        }
    }

    sealed class WatchedRange(RangeRows inner, QueryTraceStep step, TimeProvider clock) : RangeRows
    {
        public override int Count => inner.Count;
        public override Labels LabelsAt(int row) => inner.LabelsAt(row);
        public override bool DropsName(int row) => inner.DropsName(row);
        public override bool NamesMatter => inner.NamesMatter;

        public override void Read(int row, SeriesSamples samples, Worker worker)
        {
            long started = clock.GetTimestamp();
            inner.Read(row, samples, worker);
            step.AddTime(clock.GetTimestamp() - started);
            step.AddSamples(samples.Count);
        }
    }
}

/// <summary>A part of a traced query.</summary>
public sealed class QueryTraceStep
{
    readonly List<QueryTraceStep> _below = [];
    long _ticks, _samples;

    internal QueryTraceStep(string text, long started) => (Text, Started) = (text, started);

    /// <summary>The part as PromQL, or what was done for it.</summary>
    public string Text { get; }

    /// <summary>Series of its result.</summary>
    public int Series { get; internal set; }

    /// <summary>Samples of its result; of a selector, those it has read.</summary>
    public long Samples => Volatile.Read(ref _samples);

    /// <summary>Bytes that the query held more after the walk of this part than before.</summary>
    public long Bytes { get; internal set; }

    public IReadOnlyList<QueryTraceStep> Below => _below;

    internal long Started { get; }
    internal long Ticks => Volatile.Read(ref _ticks);

    internal void Add(QueryTraceStep step) => _below.Add(step);
    internal void AddTime(long ticks) => Interlocked.Add(ref _ticks, ticks);
    internal void AddSamples(long samples) => Interlocked.Add(ref _samples, samples);
}
