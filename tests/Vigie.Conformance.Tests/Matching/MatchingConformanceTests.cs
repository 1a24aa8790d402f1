using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Matching;

/// <summary>matching/*.json: anchored expressions and label matchers against label values.</summary>
public sealed class MatchingConformanceTests
{
    [Fact]
    public void Expressions() => VectorFile.Check("matching/regex.json", test =>
    {
        string source = test["regex"]!.ToString();
        AnchoredRegex regex;
        try
        {
            regex = AnchoredRegex.Parse(source);
        }
        catch (FormatException problem)
        {
            string? expected = test["error"]?.ToString();
            return expected is null ? $"refused: {problem.Message}" : expected == problem.Message ? null
                : $"found {problem.Message}, expected {expected}";
        }
        if (test["error"] is { } error) return $"accepted, expected {error}";
        foreach (var value in test["matches"]!.AsArray())
        {
            if (!regex.IsMatch(value!.ToString())) return $"does not match {GoText.Quote(value.ToString())}";
            if (regex.Match(value.ToString()) is null) return $"gives no groups for {GoText.Quote(value.ToString())}";
        }
        foreach (var value in test["rejects"]!.AsArray())
            if (regex.IsMatch(value!.ToString())) return $"matches {GoText.Quote(value.ToString())}";
        return null;
    });

    [Fact]
    public void Matchers() => VectorFile.Check("matching/matchers.json", test =>
    {
        MatchType type = test["op"]!.ToString() switch { "=" => MatchType.Equal, "!=" => MatchType.NotEqual, "=~" => MatchType.Regex, _ =>
            MatchType.NotRegex };
        var matcher = new LabelMatcher(type, test["name"]!.ToString(), test["value"]!.ToString());
        bool expected = (bool)test["matches"]!;
        return matcher.Matches(test["labelValue"]!.ToString()) == expected ? null : $"{matcher}: expected {expected}";
    });
}
