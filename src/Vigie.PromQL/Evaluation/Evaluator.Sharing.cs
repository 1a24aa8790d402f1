using Vigie.Model;

namespace Vigie.PromQL;

/// <content>What is evaluated or selected once although the query asks for it several times.</content>
sealed partial class Evaluator
{
    /// <summary>Most cells kept of one shared expression, 16 MiB; a larger one is computed again, row by row, where it is needed.</summary>
    const long SharedCellsMax = 2 << 20;

    readonly Dictionary<(string Name, StepGrid Grid), Shared> _shared = [];
    readonly Dictionary<(string Selector, TimeRange Range, SelectHints Hints), ISeriesSet> _selections = [];

    /// <param name="LoadedSamples">What evaluating it has loaded: each use counts as if it had.</param>
    readonly record struct Shared(Operand Operand, long LoadedSamples);

    Operand EvaluateShared(string name, Expression expression, StepGrid grid)
    {
        if (_shared.TryGetValue((name, grid), out var known))
        {
            MainWorker.LoadedSamples += known.LoadedSamples;
            return known.Operand;
        }
        long before = LoadedSamples;
        var operand = EvaluateAnew(expression, grid);
        if (operand is VectorRows rows && (rows is SeriesMatrix || (long)rows.Count * grid.Count <= SharedCellsMax))
            operand = new SharedRows(Materialize(rows, grid.Count));
        _shared[(name, grid)] = new Shared(operand, LoadedSamples - before);
        return operand;
    }

    /// <summary>The series of a selector, those of an equal one if the query has it.</summary>
    ISeriesSet SelectShared(VectorSelector selector, TimeRange range, in SelectHints hints)
    {
        if (Trace is null) return SelectOnce(selector, range, hints);
        var step = Trace.Begin($"select series from {GoTime(range.StartMs)} to {GoTime(range.EndMs)}");
        var set = SelectOnce(selector, range, hints);
        if (step is not null) step.Series = set.Count;
        Trace.End(step);
        return set;

        static string GoTime(long timeMs) => timeMs is < -62135596800000 or > 253402300799999
            ? timeMs.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeMilliseconds(timeMs).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }

    ISeriesSet SelectOnce(VectorSelector selector, TimeRange range, in SelectHints hints)
    {
        if (!Plan.Common.AnySelectors) return Memory.Own(WithWarnings(Source.Select(selector.Matchers.AsSpan(), range, hints, Cancellation)), selector);
        var key = ((selector with { Time = TimeModifiers.None, Edges = RangeEdges.Plain }).ToString(), range, hints);
        if (!_selections.TryGetValue(key, out var set))
            _selections[key] = set = Memory.Own(WithWarnings(Source.Select(selector.Matchers.AsSpan(), range, hints, Cancellation)), selector);
        return set;
    }

    /// <summary>Computed rows that several operators read, so that none of them may take the matrix for its own.</summary>
    sealed class SharedRows(SeriesMatrix matrix) : DerivedRows(matrix)
    {
        public override void Fill(int row, Row target, Worker worker) => matrix.PeekAt(row).CopyTo(target);
    }
}
