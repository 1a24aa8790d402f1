using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// The histograms of sum and avg: a running sum per group and step, Kahan-compensated; an average that would overflow goes on as a running mean.
/// </summary>
sealed class HistogramSums(AggregationScope scope, bool average)
{
    sealed class State
    {
        public FloatHistogram Sum = null!;
        public FloatHistogram? Compensation;
        public double Count;
        public bool IsMean, Incompatible, ResetSeen, NoResetSeen;
    }

    readonly Dictionary<(int Group, int Step), State> _states = [];

    public void Add(int group, Row cells, string metricName)
    {
        for (int step = 0; step < cells.Steps; step++)
            if (cells.Histograms[step] is { } histogram) Add(group, step, histogram, metricName);
    }

    void Add(int group, int step, FloatHistogram histogram, string metricName)
    {
        if (!_states.TryGetValue((group, step), out var state))
        {
            _states[(group, step)] = state = new State { Sum = histogram.Copy(), Count = 1 };
            NoteHint(state, histogram);
            return;
        }
        if (state.Incompatible) return;
        NoteHint(state, histogram);
        state.Count++;
        var outcome = average ? AddToAverage(state, histogram) : state.Sum.KahanAdd(histogram, ref state.Compensation);
        if (!outcome.Compatible)
        {
            scope.Evaluator.Annotations.Warn("vector contains a mix of histograms with exponential and custom buckets schemas for metric name "
                + GoText.Quote(metricName), scope.OperandSpan);
            state.Incompatible = true;
        }
        if (outcome.BoundsReconciled)
            scope.Evaluator.Annotations.Inform("mismatched custom buckets were reconciled during aggregation", scope.OperandSpan);
    }

    static HistogramOperation AddToAverage(State state, FloatHistogram histogram)
    {
        if (!state.IsMean)
        {
            var sum = state.Sum.Copy();
            var compensation = state.Compensation?.Copy();
            var outcome = sum.KahanAdd(histogram, ref compensation);
            if (!outcome.Compatible || !sum.HasOverflow())
            {
                (state.Sum, state.Compensation) = (sum, compensation);
                return outcome;
            }
            state.IsMean = true;
            state.Sum.Divide(state.Count - 1);
            state.Compensation?.Divide(state.Count - 1);
        }
        double share = (state.Count - 1) / state.Count;
        state.Compensation?.Multiply(share);
        return state.Sum.Multiply(share).KahanAdd(histogram.Copy().Divide(state.Count), ref state.Compensation);
    }

    static void NoteHint(State state, FloatHistogram histogram)
    {
        state.ResetSeen |= histogram.CounterResetHint == CounterResetHint.CounterReset;
        state.NoResetSeen |= histogram.CounterResetHint == CounterResetHint.NotCounterReset;
    }

    /// <summary>Puts the histograms of a group into its row. A cell that has floats, too, ends up empty, with a warning.</summary>
    public void Finish(int group, Row result)
    {
        for (int step = 0; step < result.Steps; step++)
        {
            if (!_states.TryGetValue((group, step), out var state)) continue;
            if (state.ResetSeen && state.NoResetSeen)
                scope.Evaluator.Annotations.Warn("conflicting counter resets during histogram aggregation", scope.OperandSpan);
            if (Cell.IsPresent(result.Values[step]))
            {
                scope.Evaluator.Annotations.Warn("encountered a mix of histograms and floats for aggregation", scope.OperandSpan);
                result.Values[step] = Cell.Absent;
                continue;
            }
            if (state.Incompatible) continue;
            var sum = state.Sum;
            if (average && !state.IsMean)
            {
                sum.Divide(state.Count);
                state.Compensation?.Divide(state.Count);
            }
            if (state.Compensation is not null) sum.Add(state.Compensation);
            result.SetHistogram(step, sum.Compact());
        }
    }
}
