using System.Globalization;
using System.Text.RegularExpressions;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// info (experimental): adds to each series the labels of the info series (target_info, if none is named) of the same job and instance
/// (Prometheus, promql/info.go).
/// </summary>
sealed class InfoFunction : PromFunction
{
    const string DefaultMetric = "target_info";
    static readonly string[] s_identifying = ["instance", "job"];

    public override Operand Evaluate(FunctionCall call)
    {
        var selector = call.ArgumentCount > 1 ? (VectorSelector)ExpressionTree.Unwrap(call.Argument(1)) : null;
        var nameMatchers = new List<LabelMatcher>();
        var dataMatchers = new List<LabelMatcher>();
        foreach (var matcher in selector?.Matchers ?? []) (matcher.Name == LabelNames.MetricName ? nameMatchers : dataMatchers).Add(matcher);
        if (nameMatchers.Count == 0) nameMatchers.Add(new LabelMatcher(MatchType.Equal, LabelNames.MetricName, DefaultMetric));
        // Matchers that only exclude names choose among info metrics, not among all metrics.
        else if (!nameMatchers.Exists(IsPositive)) nameMatchers.Add(new LabelMatcher(MatchType.Regex, LabelNames.MetricName, ".+_info"));

        var evaluator = call.Evaluator;
        var rows = evaluator.Materialize(call.Vector(0), call.Grid.Count);
        bool[] ignored = new bool[rows.Count];
        for (int row = 0; row < ignored.Length; row++)
        {
            string name = evaluator.EffectiveLabels(rows, row).MetricName;
            // Info series themselves are not enriched.
            ignored[row] = nameMatchers.TrueForAll(m => m.Matches(name));
        }
        var infos = FetchInfos(call, rows, ignored, nameMatchers, dataMatchers);
        return new Enrichment(evaluator, rows, ignored, infos, dataMatchers, call.Grid.Count).Evaluate();
    }

    static bool IsPositive(LabelMatcher matcher) => matcher.Type is MatchType.Equal or MatchType.Regex;

    /// <summary>The info series that can match, their cells being the times of their samples.</summary>
    static SeriesMatrix FetchInfos(
        FunctionCall call, SeriesMatrix rows, bool[] ignored, List<LabelMatcher> nameMatchers, List<LabelMatcher> dataMatchers)
    {
        var matchers = new List<LabelMatcher>(nameMatchers);
        bool any = false;
        foreach (string label in s_identifying)
        {
            var values = new SortedSet<string>(StringComparer.Ordinal);
            for (int row = 0; row < rows.Count; row++)
                if (!ignored[row] && rows.LabelsAt(row)[label] is { Length: > 0 } value) values.Add(Regex.Escape(value));
            if (values.Count == 0) continue;
            any = true;
            matchers.Add(new LabelMatcher(MatchType.Regex, label, string.Join('|', values)));
        }
        if (!any) return new SeriesMatrix(call.Evaluator, call.Grid.Count, 0);
        matchers.AddRange(dataMatchers);
        var time = SelectorTime(call.Argument(0));
        var selector = new VectorSelector("", [.. matchers], time, RangeEdges.Plain, call.Node.Span);
        return call.Evaluator.Materialize(call.Evaluator.SelectInstant(selector, call.Grid, SampleTimes.InfoSample), call.Grid.Count);
    }

    /// <summary>The time the first selector of the argument is read at, as seen from outside: offsets on the way to it add up, an @ is absolute.</summary>
    static TimeModifiers SelectorTime(Expression argument)
    {
        long offset = 0;
        long? at = null;
        var node = argument;
        while (true)
        {
            var time = (node as VectorSelector)?.Time ?? (node as Subquery)?.Time;
            if (time is not null)
            {
                offset = time.TimestampMs is null ? offset + time.OffsetMs : time.OffsetMs;
                at = time.TimestampMs ?? at;
            }
            if (node is VectorSelector) return new TimeModifiers(offset, TimestampMs: at);
            if (ExpressionTree.ChildrenOf(node).FirstOrDefault(HasSelector) is not { } child) return TimeModifiers.None;
            node = child;
        }
    }

    static bool HasSelector(Expression expression)
    {
        foreach (var node in ExpressionTree.SelfAndDescendants(expression))
            if (node is VectorSelector) return true;
        return false;
    }

    sealed class Enrichment(
        Evaluator evaluator, SeriesMatrix rows, bool[] ignored, SeriesMatrix infos, List<LabelMatcher> dataMatchers, int steps)
    {
        readonly Dictionary<Labels, int> _resultOf = [];
        readonly SeriesMatrix _result = new(evaluator, steps, rows.Count);

        /// <summary>Info rows by metric name and identifying labels.</summary>
        readonly Dictionary<Labels, List<int>> _infosBySignature = [];

        public VectorRows Evaluate()
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (int info = 0; info < infos.Count; info++)
            {
                var labels = infos.LabelsAt(info);
                names.Add(labels.MetricName);
                var signature = SignatureOf(labels, labels.MetricName);
                if (!_infosBySignature.TryGetValue(signature, out var same)) _infosBySignature[signature] = same = [];
                same.Add(info);
            }
            bool mayStayPlain = dataMatchers.TrueForAll(m => m.MatchesAbsent);
            for (int row = 0; row < rows.Count; row++)
            {
                var candidates = new List<List<int>>();
                if (!ignored[row])
                    foreach (string name in names.Order(StringComparer.Ordinal))
                        if (_infosBySignature.TryGetValue(SignatureOf(rows.LabelsAt(row), name), out var same)) candidates.Add(same);
                Enrich(row, candidates, mayStayPlain || ignored[row]);
            }
            return _result.Counted();
        }

        static Labels SignatureOf(Labels labels, string name) =>
            Labels.Of((LabelNames.MetricName, name), ("instance", labels["instance"]), ("job", labels["job"]));

        void Enrich(int row, List<List<int>> candidates, bool mayStayPlain)
        {
            var cells = rows.PeekAt(row);
            for (int step = 0; step < steps; step++)
            {
                if (!cells.HasAt(step)) continue;
                var added = new LabelsBuilder();
                bool found = false;
                foreach (var same in candidates)
                {
                    if (Newest(same, step) is not { } info) continue;
                    found = true;
                    AddLabels(added, infos.LabelsAt(info), rows.LabelsAt(row));
                }
                if (!found && !mayStayPlain) continue;
                var labels = new LabelsBuilder(rows.LabelsAt(row));
                foreach (var pair in added.Pairs) labels.Set(pair.Name, pair.Value);
                Put(labels.Build(), rows.DropsName(row), Sample.At(cells, step), step);
            }
        }

        /// <summary>Of several info series of one signature the one with the newest sample.</summary>
        int? Newest(List<int> same, int step)
        {
            int? newest = null;
            double newestTime = 0;
            foreach (int info in same)
            {
                double time = infos.PeekAt(info).Values[step];
                if (Cell.IsAbsent(time) || (newest is not null && time < newestTime)) continue;
                if (newest is { } other && time == newestTime)
                    throw new QueryEvaluationException(string.Create(CultureInfo.InvariantCulture,
                        $"found duplicate series for info metric: existing {infos.LabelsAt(other)} @ {time * 1000:F0}, ")
                        + string.Create(CultureInfo.InvariantCulture, $"new {infos.LabelsAt(info)} @ {time * 1000:F0}"));
                newest = info;
                newestTime = time;
            }
            return newest;
        }

        void AddLabels(LabelsBuilder added, Labels info, Labels own)
        {
            foreach (var pair in info)
            {
                if (pair.Name == LabelNames.MetricName) continue;
                if (dataMatchers.Count > 0 && !dataMatchers.Exists(m => m.Name == pair.Name)) continue;
                string known = added[pair.Name];
                if (known.Length > 0 && known != pair.Value) throw new QueryEvaluationException("conflicting label: " + pair.Name);
                if (!own.Has(pair.Name)) added.Set(pair.Name, pair.Value);
            }
        }

        void Put(Labels labels, bool dropsName, in Sample sample, int step)
        {
            if (!_resultOf.TryGetValue(labels, out int target))
            {
                _resultOf[labels] = target = _result.Count;
                _result.Add(labels, dropsName);
            }
            if (_result.RowAt(target).HasAt(step)) throw new QueryEvaluationException(Messages.SameLabels);
            sample.PutInto(_result.RowAt(target), step);
        }
    }
}
