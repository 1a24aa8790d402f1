using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.PromQL;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Configuration;

/// <summary>rules/rule_files.json: rule files and whether they are valid.</summary>
public sealed class RuleFileConformanceTests
{
    [Fact]
    public void Files() => VectorFile.Check("rules/rule_files.json", test =>
    {
        string file = test["file"]!.ToString();
        var problems = new ConfigProblems();
        var checks = new RuleTextChecks { Expression = ProblemOf };
        var rules = RuleFileLoader.Load(file, File.ReadAllText(ConformanceData.PathOf("rules", "files", file)), problems, checks);
        if ((bool)test["ok"]!) return rules is null ? $"refused: {problems}" : null;
        if (rules is not null) return "accepted";
        foreach (var expected in test["errors"]!.AsArray())
        {
            string message = expected!.ToString();
            if (message.StartsWith("yaml:", StringComparison.Ordinal)) continue;
            string withoutPosition = message[Math.Max(0, message.IndexOf("group", StringComparison.Ordinal))..];
            if (!problems.Errors.Any(p => p.Message == withoutPosition)) return $"found {problems}, expected {withoutPosition}";
        }
        return null;
    });

    static string? ProblemOf(string expression)
    {
        try
        {
            PromQLParser.Parse(expression, new ParserOptions());
            return null;
        }
        catch (PromQLParseException problem)
        {
            return problem.Message;
        }
    }
}
