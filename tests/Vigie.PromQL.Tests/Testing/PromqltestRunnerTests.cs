using Vigie.PromQL.Testing;

namespace Vigie.PromQL.Tests.Testing;

public sealed class PromqltestRunnerTests
{
    const string Script = """
        load 1m
          up{job="a"} 1 1 0 _ 1x3
          up{job="b"} 0+2x4
          h {{schema:0 sum:2 count:2 buckets:[1 1]}}x3

        # A comment ends a block.
        eval instant at 1m up
          up{job="b"} 2
          up{job="a"} 1

        eval range from 0 to 2m step 1m sum(up)
          {} 1 3 4

        eval instant at 1m 1 + 1
          2

        eval instant at 0 "text"
          expect string "text"

        eval instant at 0 up[
          expect fail regex: unexpected .* in duration

        eval instant at 1m h
          h {{schema:0 sum:2 count:2 buckets:[1 1] counter_reset_hint:not_reset}}
        """;

    [Fact]
    public void Run_OfRightScript_HasNoFailures()
    {
        var report = Run(Script);
        Assert.Equal((6, ""), (report.Evaluations, string.Join('\n', report.Failures)));
    }

    [Theory]
    [InlineData("up{job=\"b\"} 2", "up{job=\"b\"} 3", 7, "found 2, expected 3")]
    [InlineData("up{job=\"a\"} 1\n\neval range", "\neval range", 7, "unexpected series")]
    [InlineData("{} 1 3 4", "{} 1 3", 11, "unexpected sample 4")]
    [InlineData("  2\n", "  3\n", 14, "found scalar 2, expected 3")]
    [InlineData("expect fail regex: unexpected .* in duration", "expect fail msg: other", 20, "expected other")]
    [InlineData("not_reset", "gauge", 23, "counter reset hint")]
    public void Run_OfWrongScript_NamesLineAndDifference(string right, string wrong, int line, string problem)
    {
        Assert.Contains(right, Script, StringComparison.Ordinal);
        var failure = Assert.Single(Run(Script.Replace(right, wrong, StringComparison.Ordinal)).Failures);
        Assert.StartsWith($"test.test:{line}:", failure.ToString());
        Assert.Contains(problem, failure.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo", 1)]
    [InlineData("load", 1)]
    [InlineData("load 1m\n  up{ 1", 2)]
    [InlineData("\neval instant at 1x up", 2)]
    [InlineData("eval instant at 1m up\n  expect nothing", 2)]
    public void Parse_OfWrongScript_NamesLine(string script, int line) =>
        Assert.Equal(line, Assert.Throws<PromqltestSyntaxException>(() => PromqltestParser.Parse("test.test", script)).Line);

    static PromqltestReport Run(string script) => new PromqltestRunner(new PromqltestOptions { InstantAsRange = true }, TimeProvider.System)
        .Run(PromqltestParser.Parse("test.test", script), TestContext.Current.CancellationToken);
}
