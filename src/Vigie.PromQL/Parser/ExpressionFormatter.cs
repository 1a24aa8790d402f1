using System.Text;

namespace Vigie.PromQL;

/// <summary>
/// Prints expressions on several lines, as <c>/api/v1/format_query</c> and <c>promtool promql format</c> do: a node that fits into 100
/// characters stays on one line, a longer one is split around its operator or its parentheses (Prometheus, promql/parser/prettier.go).
/// </summary>
public static class ExpressionFormatter
{
    const int LineLengthMax = 100;

    public static string Format(Expression expression) => Format(expression, 0);

    static string Format(Expression node, int level)
    {
        string indent = new(' ', level * 2);
        string line = node.ToString();
        if (node is UnaryExpression unary)
            return indent + (unary.IsMinus ? "-" : "+") + Format(unary.Operand, level).Trim();
        if (node is NumberLiteral or StringLiteral or VectorSelector or MatrixSelector
            || Encoding.UTF8.GetByteCount(line) <= LineLengthMax) return indent + line;
        return node switch
        {
            Aggregation n => $"{indent}{ExpressionPrinter.Head(n)}(\n"
                + (n.Parameter is { } parameter ? Format(parameter, level + 1) + ",\n" : "")
                + $"{Format(n.Operand, level + 1)}\n{indent})",
            BinaryExpression n =>
                $"{Format(n.Left, level + 1)}\n{indent}{ExpressionPrinter.OperatorWithModifiers(n)}\n{Format(n.Right, level + 1)}",
            Call n => $"{indent}{n.Function.Name}(\n{string.Join(",\n", n.Arguments.Select(a => Format(a, level + 1)))}\n{indent})",
            ParenthesizedExpression n => $"{indent}(\n{Format(n.Inner, level + 1)}\n{indent})",
            Subquery n => Format(n.Operand, level) + ExpressionPrinter.TimeSuffix(n),
            _ => indent + line,
        };
    }
}
