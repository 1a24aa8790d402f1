using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Arithmetic and comparison between two vectors: series with the same matching labels are paired, one to one or many to one. "Many" is the left
/// side unless the operator says group_right.
/// </summary>
sealed class VectorMatch
{
    readonly Evaluator _evaluator;
    readonly BinaryExpression _binary;
    readonly VectorMatching _matching;
    readonly int _steps;
    readonly Signatures _signatures;
    readonly SampleOperation _operation;
    readonly bool _manyIsRight;
    readonly bool _oneToOne;

    public VectorMatch(Evaluator evaluator, BinaryExpression binary, int steps)
    {
        _evaluator = evaluator;
        _binary = binary;
        _matching = binary.Matching!;
        _steps = steps;
        _signatures = new Signatures(_matching.Labels, _matching.On);
        _operation = new SampleOperation(binary, evaluator.Annotations);
        _manyIsRight = _matching.Cardinality == MatchCardinality.OneToMany;
        _oneToOne = _matching.Cardinality == MatchCardinality.OneToOne;
    }

    public VectorRows Evaluate(VectorRows left, VectorRows right)
    {
        var (many, one) = _manyIsRight ? (right, left) : (left, right);
        // As Prometheus has it: with group_right, fill_left is for the "many" side, which stands right.
        double? fillMany = _matching.FillLeft, fillOne = _matching.FillRight;
        bool fills = fillMany is not null || fillOne is not null;
        if (!fills && (many.Count == 0 || one.Count == 0)) return VectorRows.Empty;

        var groups = Group(many, one);
        if (!fills && TryPair(many, one, groups) is { } pairs) return pairs;
        return new GroupedMatch(this, many, one, fillMany, fillOne).Evaluate(groups);
    }

    /// <summary>The series of one signature.</summary>
    sealed class MatchGroup
    {
        public List<int> Many { get; } = new(1);
        public List<int> One { get; } = new(1);
    }

    List<MatchGroup> Group(VectorRows many, VectorRows one)
    {
        var groups = new List<MatchGroup>();
        for (int row = 0; row < one.Count; row++) GroupOf(one, row).One.Add(row);
        for (int row = 0; row < many.Count; row++) GroupOf(many, row).Many.Add(row);
        return groups;

        MatchGroup GroupOf(VectorRows rows, int row)
        {
            int number = _signatures.NumberOf(_evaluator.EffectiveLabels(rows, row));
            if (number == groups.Count) groups.Add(new MatchGroup());
            return groups[number];
        }
    }

    /// <summary>The usual case: no signature has more than one series where there may be only one. Rows are then computed as they are needed.</summary>
    PairedRows? TryPair(VectorRows many, VectorRows one, List<MatchGroup> groups)
    {
        var pairs = new List<(int Many, int One)>(many.Count);
        foreach (var group in groups)
        {
            if (group.One.Count == 0 || group.Many.Count == 0) continue;
            if (group.One.Count > 1 || (_oneToOne && group.Many.Count > 1)) return null;
            foreach (int row in group.Many) pairs.Add((row, group.One[0]));
        }
        // Keep the order of the many side, as Prometheus does.
        pairs.Sort(static (a, b) => a.Many.CompareTo(b.Many));
        var labels = new Labels[pairs.Count];
        var seen = _oneToOne && _matching.On ? null : new HashSet<Labels>(pairs.Count);
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = ResultLabels(_evaluator.EffectiveLabels(many, pairs[i].Many), _evaluator.EffectiveLabels(one, pairs[i].One));
            if (seen is not null && !seen.Add(labels[i])) return null;
        }
        // Several rows may need the same row of the one side.
        var shared = _oneToOne ? one : _evaluator.Materialize(one, _steps);
        return new PairedRows(this, many, shared, pairs, labels);
    }

    /// <summary>The labels of a result (Prometheus, resultMetric).</summary>
    Labels ResultLabels(Labels many, Labels one)
    {
        var kept = new List<Label>(many.Count);
        foreach (ref readonly var pair in many.Pairs)
            if (Stays(pair.Name)) kept.Add(pair);
        var labels = kept.Count == many.Count ? many : Labels.FromSorted([.. kept]);
        if (_matching.Include.IsEmpty) return labels;
        var builder = new LabelsBuilder(labels);
        foreach (string name in _matching.Include) builder.Set(name, one[name]);
        return builder.Build();
    }

    bool Stays(string name)
    {
        if (LabelRules.IsMetadata(name)
            && (FloatOperations.IsArithmetic(_binary.Operator) || (_binary.ReturnBool && !_evaluator.Options.DelayedNameRemoval))) return false;
        return !_oneToOne || _matching.Labels.Contains(name) == _matching.On;
    }

    bool DropsName(bool manyDropped) => _binary.ReturnBool || (manyDropped && !FloatOperations.IsArithmetic(_binary.Operator));

    /// <summary>Combines two rows, step by step.</summary>
    /// <param name="many">Also takes the result.</param>
    void Combine(Row many, Row one)
    {
        bool floats = !many.Histograms.Any && !one.Histograms.Any && _binary.Operator < BinaryOperator.TrimUpper;
        if (!floats)
            for (int step = 0; step < many.Steps; step++) Combine(Sample.At(many, step), Sample.At(one, step)).PutInto(many, step);
        else if (_binary.Operator.IsComparison())
        {
            if (_manyIsRight && !_binary.ReturnBool) CompareKeepingOne(many.Values, one.Values);
            else FloatRows.Compare(_binary.Operator, many.Values, one.Values, cellsAreLeft: !_manyIsRight, _binary.ReturnBool);
        }
        else if (_manyIsRight) FloatRows.ApplyToRight(_binary.Operator, one.Values, many.Values);
        else FloatRows.Apply(_binary.Operator, many.Values, one.Values);
    }

    /// <summary>A comparison has the value of its left side, which is the one side here.</summary>
    void CompareKeepingOne(Span<double> many, ReadOnlySpan<double> one)
    {
        for (int i = 0; i < many.Length; i++)
            many[i] = Cell.IsPresent(many[i]) && Cell.IsPresent(one[i]) && FloatOperations.Holds(_binary.Operator, one[i], many[i])
                ? one[i]
                : Cell.Absent;
    }

    Sample Combine(in Sample many, in Sample one)
    {
        var nothing = new Sample(Cell.Absent, null);
        if (!many.IsPresent || !one.IsPresent) return nothing;
        var (left, right) = _manyIsRight ? (one, many) : (many, one);
        if (!_operation.TryApply(left, right, out var result, out bool holds)) return nothing;
        if (_binary.ReturnBool) return new Sample(holds ? 1 : 0, null);
        return holds ? result : nothing;
    }

    sealed class PairedRows(VectorMatch match, VectorRows many, VectorRows one, List<(int Many, int One)> pairs, Labels[] labels) : VectorRows
    {
        public override int Count => pairs.Count;
        public override Labels LabelsAt(int row) => labels[row];
        public override bool DropsName(int row) => match.DropsName(many.DropsName(pairs[row].Many));

        public override void Fill(int row, Row target, Worker worker)
        {
            many.Fill(pairs[row].Many, target, worker);
            using var other = worker.RentRow(target.Steps);
            one.Fill(pairs[row].One, other.Row, worker);
            match.Combine(target, other.Row);
        }
    }

    /// <summary>The general case: several series of a signature may take turns, and missing ones may be filled in.</summary>
    sealed class GroupedMatch(VectorMatch match, VectorRows many, VectorRows one, double? fillMany, double? fillOne)
    {
        readonly Evaluator _evaluator = match._evaluator;
        readonly SeriesMatrix _many = match._evaluator.Materialize(many, match._steps);
        readonly SeriesMatrix _one = match._evaluator.Materialize(one, match._steps);
        readonly Dictionary<Labels, int> _rowByLabels = [];
        readonly SeriesMatrix _result = new(match._evaluator, match._steps, many.Count + one.Count);

        public SeriesMatrix Evaluate(List<MatchGroup> groups)
        {
            foreach (var group in groups)
                if (group.One.Count > 1) RefuseDuplicates(group.One);
            foreach (var group in groups) Evaluate(group);
            return _result.Counted();
        }

        void RefuseDuplicates(List<int> rows)
        {
            for (int step = 0; step < match._steps; step++)
            {
                int first = -1;
                foreach (int row in rows)
                {
                    if (!_one.PeekAt(row).HasAt(step)) continue;
                    if (first < 0)
                    {
                        first = row;
                        continue;
                    }
                    var labels = _evaluator.EffectiveLabels(_one, first);
                    throw new QueryEvaluationException(
                        $"found duplicate series for the match group {match._signatures.Reduce(labels)} on the "
                        + $"{(match._manyIsRight ? "left" : "right")} hand-side of the operation: [{labels}, "
                        + $"{_evaluator.EffectiveLabels(_one, row)}];many-to-many matching not allowed: matching labels must be unique on one side");
                }
            }
        }

        /// <summary>A second match is refused even if a comparison would filter it out.</summary>
        void RefuseSecondMatches(MatchGroup group)
        {
            for (int step = 0; step < match._steps; step++)
            {
                if (fillOne is null && !AnyAt(_one, group.One, step)) continue;
                int present = 0;
                foreach (int row in group.Many)
                    if (_many.PeekAt(row).HasAt(step)) present++;
                if (present > 1)
                    throw new QueryEvaluationException(
                        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
            }
        }

        void Evaluate(MatchGroup group)
        {
            if (match._oneToOne && group.Many.Count > 1) RefuseSecondMatches(group);
            foreach (int row in group.Many)
            {
                var labels = _evaluator.EffectiveLabels(_many, row);
                bool dropped = _many.DropsName(row);
                foreach (int other in group.One) Pair(row, other, labels, dropped);
                if (fillOne is { } value) FillOne(row, group.One, labels, dropped, value);
            }
            if (fillMany is not { } missing) return;
            foreach (int row in group.One) FillMany(row, group.Many, missing);
        }

        void Pair(int manyRow, int oneRow, Labels labels, bool dropped)
        {
            _evaluator.Cancellation.ThrowIfCancellationRequested();
            var result = match.ResultLabels(labels, _evaluator.EffectiveLabels(_one, oneRow));
            for (int step = 0; step < match._steps; step++)
            {
                var sample = match.Combine(Sample.At(_many.PeekAt(manyRow), step), Sample.At(_one.PeekAt(oneRow), step));
                if (sample.IsPresent) Put(result, dropped, step, sample);
            }
        }

        void FillOne(int manyRow, List<int> ones, Labels labels, bool dropped, double value)
        {
            var result = match.ResultLabels(labels, match._signatures.Reduce(labels));
            for (int step = 0; step < match._steps; step++)
            {
                if (AnyAt(_one, ones, step)) continue;
                var sample = match.Combine(Sample.At(_many.PeekAt(manyRow), step), new Sample(value, null));
                if (sample.IsPresent) Put(result, dropped, step, sample);
            }
        }

        void FillMany(int oneRow, List<int> manys, double value)
        {
            var labels = _evaluator.EffectiveLabels(_one, oneRow);
            var result = match.ResultLabels(match._signatures.Reduce(labels), labels);
            for (int step = 0; step < match._steps; step++)
            {
                if (AnyAt(_many, manys, step)) continue;
                var sample = match.Combine(new Sample(value, null), Sample.At(_one.PeekAt(oneRow), step));
                if (sample.IsPresent) Put(result, dropped: false, step, sample);
            }
        }

        static bool AnyAt(SeriesMatrix matrix, List<int> rows, int step)
        {
            foreach (int row in rows)
                if (matrix.PeekAt(row).HasAt(step)) return true;
            return false;
        }

        void Put(Labels labels, bool dropped, int step, in Sample sample)
        {
            if (!_rowByLabels.TryGetValue(labels, out int row))
            {
                _rowByLabels[labels] = row = _result.Count;
                _result.Add(labels, match.DropsName(dropped));
            }
            var target = _result.RowAt(row);
            if (target.HasAt(step))
                throw new QueryEvaluationException(match._oneToOne
                    ? Messages.SameLabels
                    : "multiple matches for labels: grouping labels must ensure unique matches");
            sample.PutInto(target, step);
        }
    }
}
