using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting.Tests.Routing;

public sealed class RouteTests
{
    static RouteConfig Child(string receiver, string name, string value, bool continues = false, params RouteConfig[] routes) => new()
    {
        Receiver = receiver, Matchers = [new LabelMatcher(MatchType.Equal, name, value)], Continue = continues, Routes = routes,
    };

    static readonly Route s_root = Route.Build(new RouteConfig
    {
        Receiver = "root",
        GroupBy = ["b", "a"],
        Routes =
        [
            Child("critical", "severity", "critical", continues: true),
            Child("team", "team", "x", false, Child("team-db", "service", "db")),
            Child("late", "team", "x"),
        ],
    });

    static void Check(Labels labels, params string[] receivers) =>
        Assert.Equal(receivers, s_root.Match(labels).Select(static route => route.Options.Receiver));

    [Fact]
    public void Match_Nothing_IsTheRoot() => Check(Labels.Of(("a", "b")), "root");

    [Fact]
    public void Match_Deepest_FirstSibling() => Check(Labels.Of(("team", "x"), ("service", "db")), "team-db");

    [Fact]
    public void Match_Continue_GoesOn() => Check(Labels.Of(("severity", "critical"), ("team", "x")), "critical", "team");

    [Fact]
    public void Options_AreInherited()
    {
        var route = s_root.Match(Labels.Of(("team", "x")))[0];
        Assert.Equal(["a", "b"], route.Options.GroupBy);
        Assert.Equal(TimeSpan.FromSeconds(30), route.Options.GroupWait);
        Assert.Equal("{}/{team=\"x\"}", route.Key);
        Assert.Equal("{}/{team=\"x\"}/1", route.Id);
    }

    [Fact]
    public void GroupLabels_OnlyThoseOfGroupBy_OrAll()
    {
        var labels = Labels.Of(("a", "1"), ("c", "2"));
        Assert.Equal(Labels.Of(("a", "1")), s_root.GroupLabelsOf(labels));
        Assert.Equal(labels, Route.Build(new RouteConfig { Receiver = "r", GroupByAll = true }).GroupLabelsOf(labels));
    }
}
