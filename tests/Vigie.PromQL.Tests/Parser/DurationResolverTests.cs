namespace Vigie.PromQL.Tests.Parser;

public sealed class DurationResolverTests
{
    [Theory]
    [InlineData("foo[2 * step()]", "foo[1m]")]
    [InlineData("foo[range() / 4 + 1s]", "foo[15m1s]")]
    [InlineData("foo[max_of(step(), 5m)]", "foo[5m]")]
    [InlineData("foo[(1m - 90s) ^ 2]", "foo[15m]")]
    [InlineData("foo offset -step()", "foo offset -30s")]
    [InlineData("foo offset (7 % 4)", "foo offset 3s")]
    [InlineData("sum_over_time(foo[step():step() / 2] offset min_of(1h, range()))", "sum_over_time(foo[30s:15s] offset 1h)")]
    public void Resolve_PutsValuesIn(string text, string expected)
    {
        var resolved =
            DurationResolver.Resolve(PromQLParser.Parse(text, ParserOptions.AllExperimental), stepMs: 30_000, rangeMs: 3_600_000);
        Assert.Equal(expected, resolved.ToString());
    }

    [Theory]
    [InlineData("foo[step() - 30]", "duration must be greater than 0")]
    [InlineData("foo[5m / (step() - 30)]", "division by zero")]
    [InlineData("foo[5m % (step() - 30)]", "modulo by zero")]
    [InlineData("foo[10 ^ (10 + step())]", "duration is out of range")]
    public void Resolve_OfAnImpossibleDuration_Fails(string text, string message) =>
        Assert.Equal(message, Assert.Throws<QueryEvaluationException>(
            () => DurationResolver.Resolve(PromQLParser.Parse(text, ParserOptions.AllExperimental), 30_000, 3_600_000)).Message);

    [Fact]
    public void Resolve_WithNothingComputed_GivesTheSameObject()
    {
        var expression = PromQLParser.Parse("sum(rate(foo[5m])) / count(foo offset 1m)");
        Assert.Equal(expression.ToString(), DurationResolver.Resolve(expression, 1, 1).ToString());
    }
}
