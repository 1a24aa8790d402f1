using Vigie.Configuration;
using Vigie.Conformance.Tests.Configuration;
using Vigie.PromQL;
using Vigie.Rules.UnitTests;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Rules;

/// <summary>rules/unit_tests: rule test files and their verdicts.</summary>
public sealed class RuleTestConformanceTests
{
    [Fact]
    public void UnitTests() => VectorFile.Check("rules/unit_tests/outcomes.json", test =>
    {
        var files = new FolderFiles(ConformanceData.PathOf("rules", "unit_tests", "files"));
        var problems = new ConfigProblems();
        var report = RuleTestRunner.RunAsync(test["file"]!.ToString(), files, ParserOptions.Default, problems,
            TestContext.Current.CancellationToken)
            .GetAwaiter().GetResult();
        bool passed = report is { Failures.Count: 0 };
        if (passed == (bool)test["ok"]!) return null;
        return passed ? "passed, expected failures" : $"{problems}{string.Join('\n', report?.Failures ?? [])}";
    });
}
