using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.PromQL.Testing;
using Vigie.Testing;

namespace Vigie.Rules.Tests;

/// <summary>A store, a clock and a sink for alerts, and groups or a service on them.</summary>
sealed class RuleHarness : IAsyncDisposable
{
    readonly QueryEngine _engine;
    readonly RulesMetrics _metrics = new(static () => []);
    readonly List<RuleService> _services = [];

    public RuleHarness(MemorySampleStore? store = null, DateTimeOffset? start = null)
    {
        Store = store ?? new MemorySampleStore();
        Clock = new ManualTimeProvider(start ?? DateTimeOffset.UnixEpoch);
        _engine = new QueryEngine(new EngineOptions(), Clock);
    }

    public MemorySampleStore Store { get; }
    public ManualTimeProvider Clock { get; }
    public RecordingAlertSink Sink { get; } = new();
    public RuleSettings Settings { get; init; } = new();
    public RuleServiceOptions Options { get; init; } = new();

    public EvaluatedGroup Group(bool restored, params IReadOnlyList<Rule> rules) =>
        Group(new RuleGroup { Name = "group", Rules = rules }, restored);

    public EvaluatedGroup Group(params IReadOnlyList<Rule> rules) => Group(new RuleGroup { Name = "group", Rules = rules });

    public EvaluatedGroup Group(RuleGroup group, bool restored = true) => new("rules.yml", group, Settings, Environment(), restored);

    RuleEnvironment Environment() => new(
        new RuleQuery(_engine, Store, ParserOptions.Default), Store, Sink, Clock, NullLogger.Instance, _metrics, Options);

    public RuleService Service()
    {
        var service = new RuleService(Options, _engine, Store, Store, Sink, Clock, NullLogger.Instance);
        _services.Add(service);
        return service;
    }

    public void Load(string series, int stepSeconds = 60)
    {
        var (labels, values) = SeriesNotation.Parse(series);
        for (int i = 0; i < values.Length; i++)
            if (!values[i].IsOmitted) Store.Add(labels, i * stepSeconds * 1000L, values[i].Value);
    }

    /// <summary>The result of a query, one series per line, sorted.</summary>
    public string Query(string expression, int atSeconds)
    {
        using var result = _engine.Instant(Store, PromQLParser.Parse(expression), atSeconds * 1000L, QueryOptions.Default, default);
        var vector = (VectorValue)result.Value;
        return string.Join('\n', Enumerable.Range(0, vector.Count)
            .Select(i => $"{vector.LabelsOf(i)} {GoNumber.FormatFixed(vector.ValueOf(i))}").Order(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services) await service.DisposeAsync();
        _metrics.Dispose();
    }

    public static Rule Alerting(string name, string expression, int forSeconds = 0, int keepFiringSeconds = 0,
        (string Name, string Text)[]? labels = null, (string Name, string Text)[]? annotations = null) => new()
    {
        Alert = name,
        Expression = expression,
        For = TimeSpan.FromSeconds(forSeconds),
        KeepFiringFor = TimeSpan.FromSeconds(keepFiringSeconds),
        Labels = (labels ?? []).ToDictionary(l => l.Name, l => l.Text),
        Annotations = (annotations ?? []).ToDictionary(l => l.Name, l => l.Text),
    };

    public static Rule Recording(string name, string expression, params (string Name, string Value)[] labels) => new()
    {
        Record = name,
        Expression = expression,
        Labels = labels.ToDictionary(l => l.Name, l => l.Value),
    };
}

/// <summary>Keeps what it is sent; refuses while told to.</summary>
sealed class RecordingAlertSink : IAlertSink
{
    public List<Alert> Sent { get; } = [];
    public bool Refuses { get; set; }

    public ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        if (Refuses) throw new IOException("no room");
        lock (Sent) Sent.AddRange(alerts);
        return ValueTask.CompletedTask;
    }

    public List<Alert> Take()
    {
        lock (Sent)
        {
            List<Alert> taken = [.. Sent];
            Sent.Clear();
            return taken;
        }
    }
}
