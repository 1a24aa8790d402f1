using System.Globalization;

namespace Vigie.PromQL;

/// <summary>
/// Finds the expressions that a query writes more than once and that mean the same in each place: equal in print, under the same subqueries. They are
/// evaluated once. (Equal selectors of otherwise different expressions share what they find: see <see cref="Evaluator"/>.)
/// </summary>
sealed class CommonSubexpressions
{
    static readonly CommonSubexpressions s_none = new();

    /// <summary>The nodes that occur again, by reference; the name is the same for all that mean the same.</summary>
    readonly Dictionary<Expression, string> _names = new(ReferenceEqualityComparer.Instance);

    CommonSubexpressions()
    {
    }

    /// <summary>True if the query has several selectors, which may be alike.</summary>
    public bool AnySelectors { get; private init; }

    /// <param name="statistics">Selectors that are read differently: <see cref="HistogramStatistics"/>.</param>
    public static CommonSubexpressions Find(Expression root, HashSet<VectorSelector> statistics)
    {
        int selectors = 0;
        foreach (var node in ExpressionTree.SelfAndDescendants(root))
            if (node is VectorSelector) selectors++;
        if (selectors < 2) return s_none;
        var found = new CommonSubexpressions { AnySelectors = true };
        found.Collect(root, "", statistics);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in found._names.Values) counts[name] = counts.GetValueOrDefault(name) + 1;
        foreach (var (node, name) in found._names)
            if (counts[name] < 2) found._names.Remove(node);
        return found;
    }

    /// <summary>The name of an expression that occurs more than once; null if it does not.</summary>
    public string? NameOf(Expression node) => _names.Count > 0 && _names.TryGetValue(node, out string? name) ? name : null;

    /// <param name="context">The subqueries around the node.</param>
    void Collect(Expression node, string context, HashSet<VectorSelector> statistics)
    {
        if (node is Call or Aggregation or BinaryExpression or UnaryExpression or VectorSelector && HasSelector(node, statistics, out string readings))
            _names[node] = context + readings + node;
        if (node is MatrixSelector) return;
        if (node is Subquery subquery)
            context += string.Create(CultureInfo.InvariantCulture,
                $"[{subquery.RangeMs}:{subquery.StepMs} {subquery.Time.OffsetMs} {subquery.Time.TimestampMs}] ");
        foreach (var child in ExpressionTree.ChildrenOf(node)) Collect(child, context, statistics);
    }

    /// <param name="readings">Which selectors of the expression, in order, are read for statistics.</param>
    /// <returns>False if the expression has no selector: such a one costs nothing.</returns>
    static bool HasSelector(Expression node, HashSet<VectorSelector> statistics, out string readings)
    {
        readings = "";
        bool any = false;
        foreach (var below in ExpressionTree.SelfAndDescendants(node))
        {
            if (below is not VectorSelector selector) continue;
            any = true;
            if (statistics.Count > 0) readings += statistics.Contains(selector) ? '#' : '-';
        }
        return any;
    }
}
