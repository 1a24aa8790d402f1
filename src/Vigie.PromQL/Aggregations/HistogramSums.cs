using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// The histograms of sum and avg: a running sum per group and step, Kahan-compensated; an average that would overflow goes on as a running mean.
/// </summary>
/// <remarks>Different groups may be added to at the same time.</remarks>
sealed class HistogramSums(AggregationScope scope, int groups, bool average)
{
    sealed class State
    {
        public FloatHistogram Sum = null!;
        public FloatHistogram? Compensation;
        public double Count;
        public bool IsMean, Incompatible, ResetSeen, NoResetSeen;
    }

    /// <summary>By group, then by step; null where there was no histogram.</summary>
    readonly State?[]?[] _states = new State?[groups][];

    public void Add(int group, Row cells, string metricName)
    {
        var states = _states[group] ??= new State?[cells.Steps];
        for (int step = 0; step < cells.Steps; step++)
            if (cells.Histograms[step] is { } histogram) Add(ref states[step], histogram, metricName);
    }

    void Add(ref State? state, FloatHistogram histogram, string metricName)
    {
        if (state is null)
        {
            state = new State { Sum = histogram.Copy(), Count = 1 };
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
        if (_states[group] is not { } states) return;
        for (int step = 0; step < result.Steps; step++)
        {
            if (states[step] is not { } state) continue;
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
