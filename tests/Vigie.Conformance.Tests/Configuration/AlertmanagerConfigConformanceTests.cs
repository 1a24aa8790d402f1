using System.Text.Json.Nodes;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Configuration;

/// <summary>alertmanager/config.json and the matcher languages.</summary>
public sealed class AlertmanagerConfigConformanceTests
{
    [Fact]
    public void Files() => VectorFile.Check("alertmanager/config.json", test =>
    {
        var problems = new ConfigProblems();
        var config = AlertmanagerConfigLoader.Load("alertmanager.yml", test["yaml"]!.ToString(), problems);
        if (test["ok"] is { } ok && !(bool)ok)
        {
            string expected = test["errorContains"]!.ToString();
            if (config is not null) return $"accepted, expected {expected}";
            return expected.StartsWith("yaml:", StringComparison.Ordinal)
                || problems.Errors.Any(p => p.Message.Contains(expected, StringComparison.Ordinal))
                ? null : $"found {problems}, expected {expected}";
        }
        if (config is null) return $"refused: {problems}";
        if (test["effective"] is not { } effective) return null;
        string found = YamlTree.Normalize(config.EffectiveYaml), wanted = YamlTree.Normalize(effective.ToString());
        return found == wanted ? null : PrometheusConfigConformanceTests.FirstDifference(found, wanted);
    });

    [Fact]
    public void OneMatcher() => CheckMatchers("alertmanager/matcher_parse.json", (text, mode, expected) =>
    {
        var matcher = AlertMatchers.ParseOne(text, mode);
        string printed = expected["string"]!.ToString();
        return Compare([matcher], new JsonArray(expected["matcher"]!.DeepClone()))
            ?? (AlertMatchers.Format(matcher) == printed ? null : $"printed {AlertMatchers.Format(matcher)}, expected {printed}");
    });

    [Fact]
    public void MatcherLists() => CheckMatchers("alertmanager/matchers_parse.json", (text, mode, expected) =>
        Compare(AlertMatchers.Parse(text, mode), expected["matchers"]!.AsArray()));

    static void CheckMatchers(string file, Func<string, MatcherMode, JsonNode, string?> check) => VectorFile.Check(file, test =>
    {
        foreach (var (key, mode) in new[] { ("default", MatcherMode.Fallback), ("utf8", MatcherMode.Utf8),
            ("classic", MatcherMode.Classic) })
        {
            var expected = test[key]!;
            string? error = expected["error"]?.ToString();
            try
            {
                if (error is not null)
                {
                    AlertMatchers.Parse("");
                    check(test["input"]!.ToString(), mode,
                        new JsonObject { ["string"] = "", ["matcher"] = new JsonArray(), ["matchers"] = new JsonArray() });
                    return $"{key}: accepted, expected {error}";
                }
                if (check(test["input"]!.ToString(), mode, expected) is { } failure) return $"{key}: {failure}";
            }
            catch (FormatException problem)
            {
                bool isLibraryText = error?.Contains("regexp", StringComparison.Ordinal) ?? false;
                if (problem.Message != error && !isLibraryText) return $"{key}: found {problem.Message}, expected {error ?? "matchers"}";
            }
        }
        return null;
    });

    static string? Compare(IReadOnlyList<LabelMatcher> matchers, JsonArray expected)
    {
        string found = string.Join(' ', matchers.Select(static m => $"[{m.Name}|{LabelMatcher.OperatorText(m.Type)}|{m.Value}]"));
        string wanted = string.Join(' ',
            expected.Where(static m => m!.AsArray().Count == 3).Select(static m => $"[{m![0]}|{m[1]}|{m[2]}]"));
        return found == wanted ? null : $"found {found}, expected {wanted}";
    }
}
