using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape.Tests.Targets;

public sealed class TargetBuilderTests
{
    static (TargetDefinition? Target, string? Problem) Build(ScrapeConfig config, string address, params (string, string)[] group)
    {
        var target = TargetBuilder.Build(config, TargetBuilder.Discovered(config, address, Labels.Of(group)), out string? problem);
        return (target, problem);
    }

    static readonly ScrapeConfig Job = new()
    {
        JobName = "j", ScrapeInterval = TimeSpan.FromSeconds(15), ScrapeTimeout = TimeSpan.FromSeconds(5),
    };

    [Theory]
    [InlineData("host:9100", "http://host:9100/metrics")]
    [InlineData("host", "http://host/metrics")]
    [InlineData("[::1]:80", "http://[::1]:80/metrics")]
    public void Build_Address_StandsInTheUrlAsItIs(string address, string url)
    {
        var (target, _) = Build(Job, address);
        Assert.Equal(url, target!.UrlText);
        Assert.Equal(Labels.Of(("instance", address), ("job", "j")), target.Labels);
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5)), (target.Interval, target.Timeout));
    }

    [Fact]
    public void Build_LabelsOfTheGroup_ChangeTheUrl()
    {
        var config = Job with { Params = new Dictionary<string, IReadOnlyList<string>> { ["q"] = ["1", "2"], ["a b"] = ["ü&"] } };
        var (target, _) = Build(config, "h:1", ("__scheme__", "https"), ("__metrics_path__", "/a b/ü?x"), ("__param_q", "first"),
            ("__scrape_interval__", "1m"), ("__meta_x", "y"), ("env", "prod"), ("instance", "own"));
        Assert.Equal("https://h:1/a%20b/%C3%BC%3Fx?a+b=%C3%BC%26&q=first&q=2", target!.UrlText);
        Assert.Equal(Labels.Of(("env", "prod"), ("instance", "own"), ("job", "j")), target.Labels);
        Assert.Equal(TimeSpan.FromMinutes(1), target.Interval);
    }

    [Fact]
    public void Build_RelabellingDrops_NoTargetAndNoProblem()
    {
        var drop = new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__address__"], Regex = AnchoredRegex.Parse("h.*") };
        Assert.Equal((null, null), Build(Job with { RelabelRules = [drop] }, "h:1"));
    }

    [Theory]
    [InlineData("h/x:1", "", "", "\"h/x:1\" is not a valid hostname")]
    [InlineData("h:1", "x", "1s", "error parsing scrape interval: not a valid duration string: \"x\"")]
    [InlineData("h:1", "0s", "1s", "scrape interval cannot be 0")]
    [InlineData("h:1", "1s", "0", "scrape timeout cannot be 0")]
    [InlineData("h:1", "1s", "2s", "scrape timeout cannot be greater than scrape interval (\"2s\" > \"1s\")")]
    public void Build_Unusable_SaysWhy(string address, string interval, string timeout, string expected)
    {
        var (target, problem) = Build(Job, address, ("__scrape_interval__", interval), ("__scrape_timeout__", timeout));
        Assert.Null(target);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void OffsetFrom_AnyMoment_LeadsToTheSameTurn()
    {
        var (target, _) = Build(Job, "h:1");
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var turn = start + target!.OffsetFrom(start, 7);
        Assert.InRange(turn - start, TimeSpan.Zero, target.Interval);
        for (int ms = 0; ms < 15000; ms += 777)
        {
            var next = start.AddMilliseconds(ms) + target.OffsetFrom(start.AddMilliseconds(ms), 7);
            Assert.Equal(0, (next - turn).Ticks % target.Interval.Ticks);
        }
    }
}
