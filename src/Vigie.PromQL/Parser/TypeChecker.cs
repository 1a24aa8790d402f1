using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Checks the types in a tree and refuses the first offence in the order Prometheus looks (parse.go, checkAST). Walks with its own stack:
/// a long chain of operators is a deep tree.
/// </summary>
static class TypeChecker
{
    public static readonly string TooDeep = $"expression is nested too deeply, at most {PromQLParser.DepthMax} levels are supported";

    /// <exception cref="PromQLParseException">The expression is not well typed, or too deep.</exception>
    public static void Check(Expression root, string text)
    {
        Expression? tooDeep = null;
        var open = new Stack<(Expression Node, Expression[] Children, int Next)>();
        Push(root);
        while (open.TryPop(out var frame))
        {
            if (frame.Next > 0) AfterChild(frame.Node, frame.Children[frame.Next - 1], frame.Next - 1, text);
            if (frame.Next < frame.Children.Length)
            {
                open.Push(frame with { Next = frame.Next + 1 });
                Push(frame.Children[frame.Next]);
            }
            else Leave(frame.Node, text);
        }
        if (tooDeep is not null) throw ParseError.At(text, tooDeep.Span, TooDeep);

        void Push(Expression node)
        {
            if (node is Call call) CheckArgumentCount(call, text);
            open.Push((node, ChildrenInOrder(node), 0));
            if (open.Count > PromQLParser.DepthMax) tooDeep ??= node;
        }
    }

    static Expression[] ChildrenInOrder(Expression node) => node switch
    {
        // The data labels selector of info() is exempt from the rule that a selector needs a matcher that is not empty.
        Call { Function.Name: "info", Arguments: [var first, VectorSelector, ..] } => [first],
        Aggregation { Parameter: { } parameter } aggregation => [aggregation.Operand, parameter],
        _ => ExpressionTree.ChildrenOf(node).ToArray(),
    };

    static void CheckArgumentCount(Call call, string text)
    {
        var (name, given) = (GoText.Quote(call.Function.Name), call.Arguments.Length);
        if (call.Function.Variadic == 0)
        {
            if (given != call.Function.ArgumentsMin)
                throw Error(call, text, $"expected {call.Function.ArgumentsMin} argument(s) in call to {name}, got {given}");
        }
        else if (given < call.Function.ArgumentsMin)
            throw Error(call, text, $"expected at least {call.Function.ArgumentsMin} argument(s) in call to {name}, got {given}");
        else if (given > call.Function.ArgumentsMax)
            throw Error(call, text, $"expected at most {call.Function.ArgumentsMax} argument(s) in call to {name}, got {given}");

        if (call.Function.Name != "info" || given < 2) return;
        var selector = call.Arguments[1];
        if (selector.Type != ValueType.Vector)
            throw Error(call, text, $"expected type instant vector in call to function {name}, got {selector.Type.Describe()}");
        if (selector is not VectorSelector dataLabels) throw Error(selector, text, "expected label selectors only");
        if (dataLabels.Name.Length > 0) throw Error(selector, text, "expected label selectors only, got vector selector instead");
    }

    static void AfterChild(Expression node, Expression child, int index, string text)
    {
        switch (node)
        {
            case Call call:
                Require(child, call.Function.TypeOfArgument(index), $"call to function {GoText.Quote(call.Function.Name)}", text);
                break;
            case Aggregation when index == 0:
                Require(child, ValueType.Vector, "aggregation expression", text);
                break;
            case Aggregation aggregation:
                var wanted = aggregation.Operator == AggregationOperator.CountValues ? ValueType.String : ValueType.Scalar;
                Require(child, wanted, "aggregation parameter", text);
                break;
        }
    }

    static void Require(Expression child, ValueType wanted, string construct, string text)
    {
        if (child.Type != wanted)
            throw Error(child, text, $"expected type {wanted.Describe()} in {construct}, got {child.Type.Describe()}");
    }

    static void Leave(Expression node, string text)
    {
        switch (node)
        {
            case BinaryExpression binary:
                CheckBinary(binary, text);
                break;
            case UnaryExpression unary when unary.Operand.Type is not (ValueType.Scalar or ValueType.Vector):
                throw Error(unary, text, "unary expression only allowed on expressions of type scalar or instant vector, got "
                    + GoText.Quote(unary.Operand.Type.Describe()));
            case Subquery subquery when subquery.Operand.Type != ValueType.Vector:
                throw Error(subquery, text, $"subquery is only allowed on instant vector, got {subquery.Operand.Type.Text()} instead");
            case VectorSelector selector:
                CheckSelector(selector, text);
                break;
        }
    }

    static void CheckSelector(VectorSelector selector, string text)
    {
        if (selector.Name.Length > 0)
        {
            foreach (var matcher in selector.Matchers.AsSpan()[..^1])
            {
                if (matcher.Name == LabelNames.MetricName)
                {
                    throw Error(selector, text,
                        $"metric name must not be set twice: {GoText.Quote(selector.Name)} or {GoText.Quote(matcher.Value)}");
                }
            }
            return;
        }
        // Without this a typo would select every series there is.
        foreach (var matcher in selector.Matchers)
            if (!matcher.MatchesAbsent) return;
        throw Error(selector, text, "vector selector must contain at least one non-empty matcher");
    }

    static void CheckBinary(BinaryExpression binary, string text)
    {
        var (operation, left, right) = (binary.Operator, binary.Left.Type, binary.Right.Type);
        bool comparison = operation.IsComparison();
        if (binary.ReturnBool && !comparison)
            throw AtOperator("bool modifier can only be used on comparison operators");
        if (comparison && !binary.ReturnBool && left == ValueType.Scalar && right == ValueType.Scalar)
            throw AtOperator("comparisons between scalars must use BOOL modifier");

        if (binary.Matching is { On: true } on)
        {
            foreach (string label in on.Labels.Where(on.Include.Contains))
                throw AtOperator($"label {GoText.Quote(label)} must not occur in ON and GROUP clause at once");
        }

        const string WrongTypes = "binary expression must contain only scalar and instant vector types";
        if (left is not (ValueType.Scalar or ValueType.Vector)) throw Error(binary.Left, text, WrongTypes);
        if (right is not (ValueType.Scalar or ValueType.Vector)) throw Error(binary.Right, text, WrongTypes);

        bool fills = binary.Matching is { FillLeft: not null } or { FillRight: not null };
        string name = GoText.Quote(operation.Text());
        if (left != ValueType.Vector || right != ValueType.Vector)
        {
            if (binary.Matching is { Labels.Length: > 0 })
                throw Error(binary, text, "vector matching only allowed between instant vectors");
            if (fills) throw Error(binary, text, "filling in missing series only allowed between instant vectors");
            if (operation.IsSetOperator()) throw Error(binary, text, $"set operator {name} not allowed in binary scalar expression");
        }
        else if (operation.IsSetOperator())
        {
            if (binary.Matching!.Cardinality != MatchCardinality.ManyToMany)
                throw Error(binary, text, $"no grouping allowed for {name} operation");
            if (fills) throw Error(binary, text, "filling in missing series not allowed for set operators");
        }

        PromQLParseException AtOperator(string message)
        {
            int start = binary.Left.Span.End;
            while (start < text.Length && char.IsWhiteSpace(text[start])) start++;
            return ParseError.At(text, new SourceSpan(start, binary.Right.Span.Start), message);
        }
    }

    static PromQLParseException Error(Expression node, string text, string message) => ParseError.At(text, node.Span, message);
}
