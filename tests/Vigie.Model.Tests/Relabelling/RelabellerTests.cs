namespace Vigie.Model.Tests;

public sealed class RelabellerTests
{
    static readonly Labels s_target = Labels.Of(("__address__", "10.0.0.1:80"), ("__meta_pod_label_app", "web"), ("env", "Prod"));

    [Fact]
    public void Replace_WithGroups_SetsTheTarget() => Check(
        new RelabelRule { SourceLabels = ["__address__", "env"], Regex = AnchoredRegex.Parse("([^:]+)(?::\\d+)?;(.*)"), TargetLabel = "at",
            Replacement = "$2/$1" },
        "at", "Prod/10.0.0.1");

    [Fact]
    public void Replace_WithEmptyResult_RemovesTheTarget() => Check(new RelabelRule { TargetLabel = "env", Replacement = "" }, "env", "");

    [Fact]
    public void LabelMap_CopiesMatchingNames() => Check(
        new RelabelRule { Action = RelabelAction.LabelMap, Regex = AnchoredRegex.Parse("__meta_pod_label_(.+)") }, "app", "web");

    [Fact]
    public void HashMod_UsesTheEndOfTheMd5Sum() => Check(
        new RelabelRule { Action = RelabelAction.HashMod, SourceLabels = ["env"], Modulus = 1000, TargetLabel = "shard" }, "shard", "501");

    [Fact]
    public void Lowercase() =>
        Check(new RelabelRule { Action = RelabelAction.Lowercase, SourceLabels = ["env"], TargetLabel = "env" }, "env", "prod");

    [Theory]
    [InlineData(RelabelAction.Keep, "Prod", true)]
    [InlineData(RelabelAction.Keep, "Test", false)]
    [InlineData(RelabelAction.Drop, "Prod", false)]
    [InlineData(RelabelAction.Drop, "Test", true)]
    public void KeepAndDrop(RelabelAction action, string regex, bool kept)
    {
        var rule = new RelabelRule { Action = action, SourceLabels = ["env"], Regex = AnchoredRegex.Parse(regex) };
        Assert.Equal(kept, Relabeller.Apply(new LabelsBuilder(s_target), [rule]));
    }

    static void Check(RelabelRule rule, string name, string expected)
    {
        var labels = new LabelsBuilder(s_target);
        Assert.True(Relabeller.Apply(labels, [rule]));
        Assert.Equal(expected, labels[name]);
    }
}
