using Microsoft.Extensions.Logging;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>
/// Evaluates rule groups on their intervals, stores what recording rules give and sends what alerting rules find. Safe for concurrent use.
/// </summary>
public sealed class RuleService : IAsyncDisposable
{
    readonly RuleEnvironment _environment;
    readonly SemaphoreSlim _applying = new(1);
    readonly CancellationTokenSource _stop = new();
    readonly List<Task> _endings = [];      // guarded by _applying
    volatile IReadOnlyList<GroupLoop> _loops = [];
    bool _applied;

    /// <param name="source">Read by the expressions.</param>
    /// <param name="sink">Takes the results; usually the same store.</param>
    public RuleService(RuleServiceOptions options, QueryEngine engine, ISampleSource source, ISampleSink sink, IAlertSink alerts,
        TimeProvider clock, ILogger logger)
    {
        var metrics = new RulesMetrics(() => [.. _loops.Select(l => l.Group)]);
        _environment = new RuleEnvironment(new RuleQuery(engine, source, options.Parser), sink, alerts, clock, logger, metrics, options);
    }

    /// <summary>
    /// Makes these the groups that are evaluated. A group that has not changed goes on undisturbed; a changed one of the same file and name
    /// takes over the state of the rules it still has; the series of removed ones are ended two intervals later.
    /// </summary>
    /// <exception cref="PromQLParseException">An expression is not valid; nothing has changed. <see cref="RuleFileCheck"/> finds them
    /// all.</exception>
    public async Task ApplyAsync(IReadOnlyList<RuleFile> files, RuleSettings settings, CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation);
        try
        {
            var before = _loops.ToDictionary(l => l.Group.Key, StringComparer.Ordinal);
            var groups = new List<EvaluatedGroup>();
            // A file that is named twice counts once.
            foreach (var file in files.DistinctBy(f => f.Path, StringComparer.Ordinal))
                foreach (var group in file.Groups) groups.Add(GroupFor(file.Path, group, settings, before));

            var loops = new List<GroupLoop>(groups.Count);
            foreach (var group in groups)
            {
                before.Remove(group.Key, out var old);
                if (old?.Group == group)
                {
                    group.Settings = settings;
                    loops.Add(old);
                    continue;
                }
                if (old is not null)
                {
                    await old.DisposeAsync();
                    group.ContinueFrom(old.Group);
                }
                loops.Add(GroupLoop.Start(group, _environment));
            }
            _loops = loops;
            _applied = true;
            foreach (var removed in before.Values)
            {
                await removed.DisposeAsync();
                _endings.Add(EndLaterAsync(removed.Group));
            }
            _endings.RemoveAll(e => e.IsCompleted);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>The running group if nothing about it has changed, else a new one.</summary>
    EvaluatedGroup GroupFor(string file, RuleGroup group, RuleSettings settings, Dictionary<string, GroupLoop> before)
    {
        if (before.TryGetValue(file + ";" + group.Name, out var running) && GroupComparison.AreSame(running.Group.Group, group)
            && running.Group.Interval == (group.Interval ?? settings.EvaluationInterval)) return running.Group;
        return new EvaluatedGroup(file, group, settings, _environment, restored: _applied || !_environment.Options.RestoreState);
    }

    /// <summary>Waits, because what has moved to a group of another name goes on there and must not be ended in between.</summary>
    async Task EndLaterAsync(EvaluatedGroup group)
    {
        try
        {
            await LongDelay.WaitUntilAsync(_environment.Clock.GetUtcNow() + group.Interval * 2, _environment.Clock, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        group.EndAllSeries(_environment.Clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>All groups as they are now, in the order of the files.</summary>
    public IReadOnlyList<RuleGroupSnapshot> Snapshot() => [.. _loops.Select(l => l.Group.Snapshot())];

    /// <summary>All pending and firing alerts.</summary>
    public IReadOnlyList<AlertSnapshot> ActiveAlerts() =>
        [.. Snapshot().SelectMany(g => g.Rules).OfType<AlertingRuleSnapshot>().SelectMany(r => r.Alerts)];

    /// <summary>Stops all groups; each finishes the rule it is at. Series are not ended: the server may be starting again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _applying.WaitAsync();
        try
        {
            foreach (var loop in _loops) await loop.DisposeAsync();
            await Task.WhenAll(_endings);
            _loops = [];
        }
        finally
        {
            _applying.Release();
        }
        _environment.Metrics.Dispose();
    }
}
