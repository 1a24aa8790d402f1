using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Prints expressions in Prometheus' canonical form on one line. What it prints parses to an equal tree.</summary>
public static class ExpressionPrinter
{
    public static string Print(Expression expression)
    {
        var output = new StringBuilder();
        Print(output, expression);
        return output.ToString();
    }

    public static string Print(DurationExpression duration)
    {
        var output = new StringBuilder();
        Print(output, duration);
        return output.ToString();
    }

    static void Print(StringBuilder output, Expression expression)
    {
        switch (expression)
        {
            case NumberLiteral number:
                output.Append(number.IsDuration ? SignedDuration(number.Value) : GoNumber.FormatFixed(number.Value));
                break;
            case StringLiteral text:
                GoText.AppendQuoted(output, text.Value);
                break;
            case ParenthesizedExpression n:
                output.Append('(');
                Print(output, n.Inner);
                output.Append(')');
                break;
            case UnaryExpression n:
                output.Append(n.IsMinus ? '-' : '+');
                Print(output, n.Operand);
                break;
            case Call n:
                output.Append(n.Function.Name);
                PrintArguments(output, n.Arguments.AsSpan());
                break;
            case Aggregation n:
                output.Append(Head(n));
                PrintArguments(output, n.Parameter is { } parameter ? [parameter, n.Operand] : [n.Operand]);
                break;
            case BinaryExpression n:
                Print(output, n.Left);
                output.Append(' ').Append(OperatorWithModifiers(n)).Append(' ');
                Print(output, n.Right);
                break;
            case VectorSelector n:
                PrintMatchers(output, n);
                PrintAt(output, n.Time);
                PrintEdges(output, n.Edges);
                PrintOffset(output, n.Time);
                break;
            case MatrixSelector n:
                PrintMatchers(output, n.Selector);
                output.Append('[');
                PrintDuration(output, n.RangeMs, n.RangeExpression);
                output.Append(']');
                PrintEdges(output, n.Selector.Edges);
                PrintAt(output, n.Selector.Time);
                PrintOffset(output, n.Selector.Time);
                break;
            case Subquery n:
                Print(output, n.Operand);
                output.Append(TimeSuffix(n));
                break;
        }
    }

    /// <summary><c>sum by (job) </c>: all before the opening parenthesis.</summary>
    internal static string Head(Aggregation aggregation)
    {
        var output = new StringBuilder(aggregation.Operator.Text());
        if (!aggregation.Without && aggregation.Grouping.Length == 0) return output.ToString();
        output.Append(aggregation.Without ? " without " : " by ");
        PrintLabels(output, aggregation.Grouping);
        return output.Append(' ').ToString();
    }

    /// <summary><c>== bool on (a) group_left (b)</c>.</summary>
    internal static string OperatorWithModifiers(BinaryExpression binary)
    {
        var output = new StringBuilder(binary.Operator.Text());
        if (binary.ReturnBool) output.Append(" bool");
        if (binary.Matching is not { } matching) return output.ToString();
        bool grouped = matching.Cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
        if (matching.Labels.Length > 0 || matching.On || grouped)
        {
            output.Append(matching.On ? " on " : " ignoring ");
            PrintLabels(output, matching.Labels);
        }
        if (grouped)
        {
            output.Append(matching.Cardinality == MatchCardinality.ManyToOne ? " group_left " : " group_right ");
            PrintLabels(output, matching.Include);
        }
        if (matching.FillLeft is { } both && both.Equals(matching.FillRight)) return output.Append(Fill("fill", both)).ToString();
        if (matching.FillLeft is { } left) output.Append(Fill("fill_left", left));
        if (matching.FillRight is { } right) output.Append(Fill("fill_right", right));
        return output.ToString();
    }

    /// <summary><c>[5m:1m] @ 10.000 offset 1m</c>.</summary>
    internal static string TimeSuffix(Subquery subquery)
    {
        var output = new StringBuilder("[");
        PrintDuration(output, subquery.RangeMs, subquery.RangeExpression);
        output.Append(':');
        if (subquery.StepMs != 0 || subquery.StepExpression is not null) PrintDuration(output, subquery.StepMs, subquery.StepExpression);
        output.Append(']');
        PrintAt(output, subquery.Time);
        PrintOffset(output, subquery.Time);
        return output.ToString();
    }

    static string Fill(string keyword, double value) => $" {keyword} ({GoNumber.FormatGeneral(value)})";

    static void PrintArguments(StringBuilder output, ReadOnlySpan<Expression> arguments)
    {
        output.Append('(');
        for (int i = 0; i < arguments.Length; i++)
        {
            if (i > 0) output.Append(", ");
            Print(output, arguments[i]);
        }
        output.Append(')');
    }

    static void PrintLabels(StringBuilder output, ImmutableArray<string> labels) =>
        output.Append('(').AppendJoin(", ", labels.Select(l => Labels.IsLegacyName(l) ? l : GoText.Quote(l))).Append(')');

    static void PrintMatchers(StringBuilder output, VectorSelector selector)
    {
        output.Append(selector.Name);
        var shown = selector.Matchers
            .Where(m => !(m.Name == LabelNames.MetricName && m.Type == MatchType.Equal && m.Value == selector.Name && m.Value.Length > 0))
            .Select(m => m.ToString())
            .Order(StringComparer.Ordinal)
            .ToList();
        if (shown.Count > 0) output.Append('{').AppendJoin(',', shown).Append('}');
        else if (selector.Name.Length == 0) output.Append("{}");
    }

    static void PrintAt(StringBuilder output, TimeModifiers time)
    {
        if (time.TimestampMs is { } ms)
            output.Append(" @ ").Append(((decimal)ms / 1000).ToString("F3", CultureInfo.InvariantCulture));
        else if (time.Boundary != AtBoundary.None)
            output.Append(time.Boundary == AtBoundary.Start ? " @ start()" : " @ end()");
    }

    static void PrintEdges(StringBuilder output, RangeEdges edges)
    {
        if (edges != RangeEdges.Plain) output.Append(edges == RangeEdges.Anchored ? " anchored" : " smoothed");
    }

    static void PrintOffset(StringBuilder output, TimeModifiers time)
    {
        if (time.OffsetExpression is null && time.OffsetMs == 0) return;
        output.Append(" offset ");
        PrintDuration(output, time.OffsetMs, time.OffsetExpression);
    }

    static void PrintDuration(StringBuilder output, long ms, DurationExpression? expression)
    {
        if (expression is not null) Print(output, expression);
        else output.Append(GoDuration.Format(ms));
    }

    static void Print(StringBuilder output, DurationExpression duration)
    {
        if (duration is DurationNumber number)
        {
            output.Append(number.IsDuration ? SignedDuration(number.Seconds) : GoNumber.FormatFixed(number.Seconds));
            return;
        }
        var operation = (DurationOperation)duration;
        if (operation.Wrapped) output.Append('(');
        switch (operation.Operator)
        {
            case DurationOperator.Step or DurationOperator.Range:
                output.Append(operation.Operator.Text()).Append("()");
                break;
            case DurationOperator.MinOf or DurationOperator.MaxOf:
                output.Append(operation.Operator.Text()).Append('(');
                Print(output, operation.Left!);
                output.Append(", ");
                Print(output, operation.Right!);
                output.Append(')');
                break;
            default:
                if (operation.Left is { } left)
                {
                    Print(output, left);
                    output.Append(' ').Append(operation.Operator.Text()).Append(' ');
                }
                else if (operation.Operator == DurationOperator.Subtract) output.Append('-');
                Print(output, operation.Right!);
                break;
        }
        if (operation.Wrapped) output.Append(')');
    }

    static string SignedDuration(double seconds) => GoDuration.Format((long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero));
}
