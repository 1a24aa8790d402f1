using Vigie.Model;
using Vigie.PromQL;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>The <c>match[]</c> parameters of the API, and the selectors inside an expression.</summary>
static class Selectors
{
    /// <summary>Parses each text as a series selector.</summary>
    /// <param name="name">Parameter to name in the error, or null to give the bare message, as some endpoints do upstream.</param>
    /// <exception cref="ApiException">A selector does not parse, or would match everything.</exception>
    public static List<LabelMatcher[]> Parse(IReadOnlyList<string> texts, string? name)
    {
        var sets = new List<LabelMatcher[]>(texts.Count);
        foreach (string text in texts)
        {
            var matchers = ParseAny(text, name);
            if (matchers.All(matcher => matcher.MatchesAbsent))
            {
                const string Empty = "match[] must contain at least one non-empty matcher";
                throw name is null ? ApiException.BadData(Empty) : ApiException.InvalidParameter(name, Empty);
            }
            sets.Add(matchers);
        }
        return sets;
    }

    /// <summary>Parses one that may match everything.</summary>
    public static LabelMatcher[] ParseAny(string text, string? name)
    {
        try
        {
            return [.. PromQLParser.ParseSelector(text)];
        }
        catch (PromQLParseException problem)
        {
            throw name is null ? ApiException.BadData(problem.Message) : ApiException.InvalidParameter(name, problem.Message);
        }
    }

    /// <summary>The matchers of every vector selector in an expression.</summary>
    public static List<LabelMatcher[]> Of(Expression expression)
    {
        var sets = new List<LabelMatcher[]>();
        foreach (var node in ExpressionTree.SelfAndDescendants(expression))
            if (node is VectorSelector selector) sets.Add([.. selector.Matchers]);
        return sets;
    }
}
