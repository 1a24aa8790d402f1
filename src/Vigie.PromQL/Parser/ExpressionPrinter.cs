namespace Vigie.PromQL;

/// <summary>Prints expressions in the canonical form on one line.</summary>
public static class ExpressionPrinter
{
    public static string Print(Expression expression) => expression.GetType().Name;
}
