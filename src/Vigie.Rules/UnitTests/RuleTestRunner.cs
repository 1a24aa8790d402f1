using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.Configuration.RuleTests;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules.UnitTests;

/// <summary>One thing in a rule test file that is not as it should be.</summary>
public sealed record RuleTestFailure(SourcePosition Position, string TestName, string Problem)
{
    public override string ToString() =>
        TestName.Length > 0 ? $"{Position}: test {GoText.Quote(TestName)}: {Problem}" : $"{Position}: {Problem}";
}

/// <param name="Tests">How many tests the file has.</param>
public sealed record RuleTestReport(int Tests, IReadOnlyList<RuleTestFailure> Failures);

/// <summary>
/// Runs rule unit tests as <c>promtool test rules</c> does: all groups are evaluated at 0, interval, 2·interval, …, over samples that
/// arrive as time goes on; expectations between two evaluations see what the earlier one left.
/// </summary>
public static class RuleTestRunner
{
    /// <param name="ruleFiles">The files that <see cref="RuleTestFile.RuleFiles"/> names.</param>
    public static async Task<RuleTestReport> RunAsync(
        RuleTestFile file, IReadOnlyList<RuleFile> ruleFiles, ParserOptions parser, CancellationToken cancellation)
    {
        var failures = new List<RuleTestFailure>();
        foreach (var test in file.Tests)
        {
            using var run = new RuleTestRun(file, test, ruleFiles, parser);
            try
            {
                await run.RunAsync(cancellation);
            }
            catch (RuleTestStoppedException)
            {
                // What stopped it is among its failures.
            }
            failures.AddRange(run.Failures);
        }
        return new RuleTestReport(file.Tests.Count, failures);
    }

    /// <summary>Loads the rule files that a test file names, then runs it. Problems of the files are added and nothing is run.</summary>
    /// <returns>Null if a file cannot be used.</returns>
    public static async Task<RuleTestReport?> RunAsync(string fileName, IConfigFiles files, ParserOptions parser, ConfigProblems problems,
        CancellationToken cancellation)
    {
        if (files.ReadText(fileName) is not { } text)
        {
            problems.Error(new SourcePosition(fileName, 0, 0), "", "there is no such file");
            return null;
        }
        if (RuleTestFileLoader.Load(fileName, text, problems) is not { } file) return null;
        var ruleFiles = RuleFileLoader.LoadAll(file.RuleFiles, files, problems, RuleFileCheck.For(parser));
        return problems.HasErrors ? null : await RunAsync(file, ruleFiles, parser, cancellation);
    }
}

/// <summary>The test cannot go on.</summary>
sealed class RuleTestStoppedException : Exception;

/// <summary>Rule tests send no alerts.</summary>
sealed class NoAlerts : IAlertSink
{
    public ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation) => ValueTask.CompletedTask;
}
