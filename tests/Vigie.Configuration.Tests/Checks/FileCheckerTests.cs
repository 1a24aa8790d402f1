using Vigie.Configuration.Rules;
using Vigie.Configuration.Tests;

namespace Vigie.Configuration.Checks.Tests;

public sealed class FileCheckerTests
{
    const string Twice = "groups: [{name: g, rules: [{record: a, expr: b}, {record: a, expr: c}]}]";

    readonly StringWriter _output = new(), _errors = new();

    [Fact]
    public void CheckConfigs_GoesOnToRuleFiles()
    {
        var files = new MemoryFiles(("p.yml", "rule_files: [r.yml]"), ("r.yml", "groups: [{name: g, rules: [{record: a, expr: b}]}]"));
        Assert.Equal(0, Checker(files).CheckConfigs(["p.yml"]));
        Assert.Equal("Checking p.yml\n  SUCCESS: 1 rule files found\n SUCCESS: p.yml is valid prometheus config file syntax\n\n"
            + "Checking r.yml\n  SUCCESS: 1 rules found\n\n", Text(_output));
    }

    [Fact]
    public void CheckRules_Duplicates_FailOnlyIfFatal()
    {
        var files = new MemoryFiles(("r.yml", Twice));
        Assert.Equal(0, Checker(files).CheckRules(["r.yml"]));
        Assert.Equal(FileChecker.LintFailure, Checker(files, new CheckOptions { LintFatal = true }).CheckRules(["r.yml"]));
        Assert.Equal(0, Checker(files, new CheckOptions { LintFatal = true, LintDuplicateRules = false }).CheckRules(["r.yml"]));
        Assert.Contains("lint error 1 duplicate rule(s) found.", Text(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_MissingOrWrongFile_Fails()
    {
        var files = new MemoryFiles(("p.yml", "bogus: 1"), ("am.yml", "receivers: []"));
        Assert.Equal(1, Checker(files).CheckRules(["none.yml"]));
        Assert.Equal(1, Checker(files).CheckConfigs(["p.yml"]));
        Assert.Equal(1, Checker(files).CheckAlertmanagers(["am.yml"]));
        Assert.Contains("p.yml:1:1: bogus: found the unknown key", Text(_errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", true, true, true)]
    [InlineData("none", true, false, false)]
    [InlineData("duplicate-rules,too-long-scrape-interval", true, true, true)]
    [InlineData("bogus", false, false, false)]
    public void TryReadLint(string text, bool known, bool duplicates, bool intervals)
    {
        Assert.Equal(known, CheckOptions.TryReadLint(text, new CheckOptions(), out var options));
        Assert.Equal((duplicates, intervals), (options.LintDuplicateRules, options.LintLongScrapeIntervals));
    }

    FileChecker Checker(IConfigFiles files, CheckOptions? options = null) =>
        new(_output, _errors, files, new RuleTextChecks(), options ?? new CheckOptions());

    static string Text(StringWriter writer) => writer.ToString().ReplaceLineEndings("\n");
}
