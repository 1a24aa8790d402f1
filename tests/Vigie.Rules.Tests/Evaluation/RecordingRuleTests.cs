using Vigie.Configuration.Rules;
using static Vigie.Rules.Tests.RuleHarness;

namespace Vigie.Rules.Tests.Evaluation;

public sealed class RecordingRuleTests
{
    [Fact]
    public async Task Evaluate_StoresUnderItsName_AndLaterRulesSeeIt()
    {
        await using var harness = new RuleHarness();
        harness.Load("req{job=\"a\",i=\"1\"} 1 2");
        harness.Load("req{job=\"a\",i=\"2\"} 3 4");
        var group = harness.Group(Recording("job:req", "sum by (job) (req)", ("team", "core")), Recording("twice", "job:req * 2"));
        await group.EvaluateAsync(60_000, CancellationToken.None);
        Assert.Equal("{__name__=\"job:req\", job=\"a\", team=\"core\"} 6", harness.Query("job:req", 60));
        Assert.Equal("{__name__=\"twice\", job=\"a\", team=\"core\"} 12", harness.Query("twice", 60));
    }

    [Fact]
    public async Task Evaluate_WhenASeriesVanishes_EndsIt()
    {
        await using var harness = new RuleHarness();
        harness.Load("req{job=\"a\"} 1 1");
        harness.Load("req{job=\"b\"} 1 stale");
        var group = harness.Group(Recording("copy", "req"));
        await group.EvaluateAsync(0, CancellationToken.None);
        Assert.Equal(2, harness.Query("copy", 0).Split('\n').Length);
        await group.EvaluateAsync(60_000, CancellationToken.None);
        Assert.Equal("{__name__=\"copy\", job=\"a\"} 1", harness.Query("copy", 60));
    }

    [Fact]
    public async Task Evaluate_WithAnEmptyLabel_RemovesIt()
    {
        await using var harness = new RuleHarness();
        harness.Load("req{job=\"a\",i=\"1\"} 1");
        var group = harness.Group(Recording("copy", "req", ("job", "")));
        await group.EvaluateAsync(0, CancellationToken.None);
        Assert.Equal("{__name__=\"copy\", i=\"1\"} 1", harness.Query("copy", 0));
    }

    [Fact]
    public async Task Evaluate_WithQueryOffset_ReadsAndStoresInThePast()
    {
        await using var harness = new RuleHarness();
        harness.Load("req 1 2 3");
        var group = harness.Group(new RuleGroup { Name = "g", QueryOffset = TimeSpan.FromMinutes(1), Rules = [Recording("copy", "req")] });
        await group.EvaluateAsync(120_000, CancellationToken.None);
        Assert.Equal("{} 60", harness.Query("timestamp(copy)", 120));
        Assert.Equal("{__name__=\"copy\"} 2", harness.Query("copy", 60));
    }

    [Fact]
    public async Task Evaluate_BeyondTheLimit_Fails()
    {
        await using var harness = new RuleHarness();
        harness.Load("req{job=\"a\"} 1");
        harness.Load("req{job=\"b\"} 1");
        var group = harness.Group(new RuleGroup
        {
            Name = "g",
            Limit = 1,
            Rules = [Recording("copy", "req"), Recording("count", "count(req)")],
        });
        await group.EvaluateAsync(0, CancellationToken.None);
        Assert.Equal("exceeded limit of 1 with 2 series", group.Rules[0].LastError);
        Assert.Equal(RuleHealth.Good, group.Rules[1].Health);
        Assert.Equal("", harness.Query("copy", 0));
    }
}
