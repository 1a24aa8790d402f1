using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The parser of the whole language of Prometheus 3.x, with its messages. Stateless; safe for concurrent use.</summary>
public static class PromQLParser
{
    /// <summary>Deepest tree that is accepted, so that whoever walks it may recurse.</summary>
    public const int DepthMax = 1000;

    /// <summary>Parses and type-checks an expression.</summary>
    /// <exception cref="PromQLParseException">The text is not a well-typed expression.</exception>
    public static Expression Parse(string text, ParserOptions? options = null)
    {
        var expression = new ExpressionParser(text, options ?? ParserOptions.Default).ParseWhole();
        TypeChecker.Check(expression, text);
        return expression;
    }

    /// <summary>
    /// Parses a selector as <c>match[]</c> takes it: a metric name, matchers in braces, or both, nothing else. All matchers may match the
    /// empty string here.
    /// </summary>
    /// <exception cref="PromQLParseException">The text is not such a selector.</exception>
    public static ImmutableArray<LabelMatcher> ParseSelector(string text) =>
        new ExpressionParser(text, ParserOptions.Default).ParseWholeSelector().Matchers;

    /// <summary>Parses a series of a test or a rule file: a metric name, labels in braces, or both.</summary>
    /// <exception cref="PromQLParseException">The text is not a label set.</exception>
    public static Labels ParseMetric(string text) => new ExpressionParser(text, ParserOptions.Default).ParseWholeMetric();
}
