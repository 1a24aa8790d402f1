using System.Collections.Immutable;

namespace Vigie.PromQL;

/// <summary>Walks and rewrites expression trees.</summary>
public static class ExpressionTree
{
    /// <summary>The same node with each direct child replaced; the same object if no child changed.</summary>
    public static Expression MapChildren(Expression node, Func<Expression, Expression> map)
    {
        switch (node)
        {
            case ParenthesizedExpression n:
                return Changed(n.Inner, map, out var inner) ? n with { Inner = inner } : n;
            case UnaryExpression n:
                return Changed(n.Operand, map, out var operand) ? n with { Operand = operand } : n;
            case Call n:
                var arguments = MapAll(n.Arguments, map);
                return arguments == n.Arguments ? n : n with { Arguments = arguments };
            case Aggregation n:
                var parameter = n.Parameter is null ? null : map(n.Parameter);
                return Changed(n.Operand, map, out var aggregated) | !ReferenceEquals(parameter, n.Parameter)
                    ? n with { Operand = aggregated, Parameter = parameter }
                    : n;
            case BinaryExpression n:
                return Changed(n.Left, map, out var left) | Changed(n.Right, map, out var right)
                    ? n with { Left = left, Right = right }
                    : n;
            case MatrixSelector n:
                return Changed(n.Selector, map, out var selector) ? n with { Selector = (VectorSelector)selector } : n;
            case Subquery n:
                return Changed(n.Operand, map, out var sub) ? n with { Operand = sub } : n;
            default:
                return node;
        }
    }

    /// <summary>Direct children in the order they are written.</summary>
    public static IEnumerable<Expression> ChildrenOf(Expression node) => node switch
    {
        ParenthesizedExpression n => [n.Inner],
        UnaryExpression n => [n.Operand],
        Call n => n.Arguments,
        Aggregation { Parameter: { } parameter } n => [parameter, n.Operand],
        Aggregation n => [n.Operand],
        BinaryExpression n => [n.Left, n.Right],
        MatrixSelector n => [n.Selector],
        Subquery n => [n.Operand],
        _ => [],
    };

    /// <summary>The node and everything below it, parents first.</summary>
    public static IEnumerable<Expression> SelfAndDescendants(Expression root)
    {
        var open = new Stack<Expression>([root]);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in ChildrenOf(node).Reverse()) open.Push(child);
        }
    }

    /// <summary>The expression inside any parentheses.</summary>
    public static Expression Unwrap(Expression node)
    {
        while (node is ParenthesizedExpression wrapped) node = wrapped.Inner;
        return node;
    }

    static bool Changed(Expression child, Func<Expression, Expression> map, out Expression mapped)
    {
        mapped = map(child);
        return !ReferenceEquals(mapped, child);
    }

    static ImmutableArray<Expression> MapAll(ImmutableArray<Expression> children, Func<Expression, Expression> map)
    {
        ImmutableArray<Expression>.Builder? changed = null;
        for (int i = 0; i < children.Length; i++)
        {
            var mapped = map(children[i]);
            if (ReferenceEquals(mapped, children[i])) continue;
            changed ??= children.ToBuilder();
            changed[i] = mapped;
        }
        return changed?.MoveToImmutable() ?? children;
    }
}
