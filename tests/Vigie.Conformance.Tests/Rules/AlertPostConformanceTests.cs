using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.PromQL.Testing;
using Vigie.Rules;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Rules;

/// <summary>rules/alertmanager_posts.json: what is handed to Alertmanager for a file of rules.</summary>
public sealed class AlertPostConformanceTests
{
    sealed class KeepingSink : IAlertSink
    {
        public List<IReadOnlyList<Alert>> Posts { get; } = [];

        public ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
        {
            Posts.Add(alerts);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task AlertmanagerPosts()
    {
        if (!ConformanceData.IsPresent) return;
        const string File = "rules/alertmanager_posts.json";
        var vectors = JsonNode.Parse(System.IO.File.ReadAllText(ConformanceData.PathOf(File.Split('/'))))!;
        var file = RuleFileLoader.Load("rules.yml", vectors["rules"]!.ToString(), new ConfigProblems(),
            RuleFileCheck.For(ParserOptions.Default))!;
        var clock = new ManualTimeProvider();
        var store = new MemorySampleStore();
        var sink = new KeepingSink();
        var engine = new QueryEngine(new EngineOptions(), clock);
        await using var service = new RuleService(new RuleServiceOptions(), engine, store, store, sink, clock, NullLogger.Instance);
        var settings = new RuleSettings
        {
            ExternalLabels = Labels.Of(("region", "eu"), ("replica", "a")),
            ExternalUrl = "http://prom.example/x",
            AlertRelabelling = [new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("replica") }],
        };
        await service.ApplyAsync([file], settings, CancellationToken.None);
        await clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(70), TimeSpan.FromMilliseconds(500));

        var cases = vectors["cases"]!.AsArray();
        var failures = new List<string>();
        for (int i = 0; i < cases.Count; i++)
        {
            string expected = Print(cases[i]!["body"]!.AsArray());
            string found = i < sink.Posts.Count ? Print(sink.Posts[i]) : "nothing";
            if (found != expected) failures.Add($"{File} case {i}: found {found}, expected {expected}");
        }
        ConformanceReport.Add(File, cases.Count, failures);
    }

    static string Print(IReadOnlyList<Alert> alerts) =>
        string.Join('\n', alerts.Select(a => $"{a.Labels} {a.Annotations} {a.GeneratorUrl} {(a.EndsAt > a.StartsAt ? "ends" : "")}"));

    static string Print(JsonArray alerts) => string.Join('\n', alerts.Select(a =>
        $"{LabelsOf(a!["labels"]!)} {LabelsOf(a["annotations"]!)} {a["generatorURL"]} {(a["endsAt"] is null ? "" : "ends")}"));

    static Labels LabelsOf(JsonNode labels) => Labels.From(labels.AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value!.ToString())));
}
