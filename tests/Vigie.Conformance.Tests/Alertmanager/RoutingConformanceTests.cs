using System.Text.Json.Nodes;
using Vigie.Alerting;
using Vigie.Conformance.Tests.Template;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>alertmanager/routing.json: the routes an alert takes, with their options.</summary>
public sealed class RoutingConformanceTests
{
    [Fact]
    public void Routes()
    {
        if (!ConformanceData.IsPresent) return;
        var trees = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("alertmanager", "routing.json")))!["trees"]!;
        VectorFile.Check("alertmanager/routing.json", test =>
        {
            var root = Route.Build(AlertmanagerConfigs.Load("route:\n" + Indent(trees[test["tree"]!.ToString()]!.ToString())).Route);
            var actual = new JsonArray([.. root.Match(TemplateData.Labels(test["labels"])).Select(Show)]);
            return JsonNode.DeepEquals(actual, test["matches"]) ? null : $"\nfound    {actual.ToJsonString()}\nexpected {test["matches"]!.ToJsonString()}";
        });
    }

    static string Indent(string yaml) => string.Concat(yaml.Split('\n').Select(static line => "  " + line + "\n"));

    static JsonNode Show(Route route)
    {
        var options = route.Options;
        var shown = new JsonObject
        {
            ["receiver"] = options.Receiver,
            ["group_by"] = new JsonArray([.. options.GroupBy.Select(static name => JsonValue.Create(name))]),
            ["group_wait"] = GoDuration.FormatGo(options.GroupWait),
            ["group_interval"] = GoDuration.FormatGo(options.GroupInterval),
            ["repeat_interval"] = GoDuration.FormatGo(options.RepeatInterval),
            ["key"] = route.Key,
            ["id"] = route.Id,
        };
        if (options.GroupByAll) shown["group_by_all"] = true;
        if (options.MuteTimeIntervals.Count > 0) shown["mute_time_intervals"] = new JsonArray([.. options.MuteTimeIntervals.Select(static name => JsonValue.Create(name))]);
        if (options.ActiveTimeIntervals.Count > 0) shown["active_time_intervals"] = new JsonArray([.. options.ActiveTimeIntervals.Select(static name => JsonValue.Create(name))]);
        if (options.Labels.Count > 0) shown["labels"] = new JsonObject(options.Labels.Select(static pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Value)));
        return shown;
    }
}
