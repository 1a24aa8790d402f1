using Microsoft.Extensions.Logging;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>What all groups share.</summary>
sealed record RuleEnvironment(
    RuleQuery Query, ISampleSink Sink, IAlertSink Alerts, TimeProvider Clock, ILogger Logger, RulesMetrics Metrics,
    RuleServiceOptions Options);

/// <summary>
/// A rule group and its state. Its rules are evaluated one after the other, at one time, so that a rule sees what those before it stored.
/// One evaluation at a time; snapshots may be taken by any thread.
/// </summary>
sealed class EvaluatedGroup
{
    readonly RuleEnvironment _environment;
    readonly RuleStorage _storage;
    readonly List<Labels> _orphans = [];
    readonly RuleQueryOrigin _origin;
    volatile RuleSettings _settings;
    volatile Outcome? _last;

    sealed record Outcome(DateTimeOffset At, TimeSpan Duration, TimeSpan RuleDurations, long Samples);

    /// <param name="restored">False: alerting rules wait for <see cref="Restore"/> before they write series.</param>
    /// <exception cref="PromQLParseException">An expression is not valid.</exception>
    public EvaluatedGroup(string file, RuleGroup group, RuleSettings settings, RuleEnvironment environment, bool restored)
    {
        File = file;
        _origin = new RuleQueryOrigin(file, group.Name);
        Group = group;
        _settings = settings;
        _environment = environment;
        _storage = new RuleStorage(environment.Sink);
        ShouldRestore = !restored;
        var rules = new EvaluatedRule[group.Rules.Count];
        for (int i = 0; i < rules.Length; i++) rules[i] = Create(group.Rules[i], restored);
        Rules = rules;
    }

    EvaluatedRule Create(Rule rule, bool restored) => !rule.IsAlerting
        ? new RecordingRule(rule, _environment.Options.Parser)
        : new AlertingRule(rule, _environment.Options.Parser, restored)
        {
            TemplateFailed = (name, field, error) => RulesLog.TemplateFailed(_environment.Logger, name, field, error),
        };

    public string File { get; }
    public RuleGroup Group { get; }
    public string Name => Group.Name;
    public string Key => File + ";" + Name;
    public IReadOnlyList<EvaluatedRule> Rules { get; }
    public bool ShouldRestore { get; private set; }
    public RuleSettings Settings { get => _settings; set => _settings = value; }
    public TimeSpan Interval => Group.Interval ?? Settings.EvaluationInterval;
    public TimeSpan QueryOffset => Group.QueryOffset ?? Settings.QueryOffset;
    public DateTimeOffset? LastEvaluation => _last?.At;
    public TimeSpan EvaluationTime => _last?.Duration ?? TimeSpan.Zero;
    public TimeSpan RuleDurations => _last?.RuleDurations ?? TimeSpan.Zero;
    public long LastSamples => _last?.Samples ?? 0;

    /// <summary>
    /// Evaluates all rules at <paramref name="timeMs"/>, stores their results and sends their alerts. Errors stay with the rule.
    /// </summary>
    public async Task EvaluateAsync(long timeMs, CancellationToken cancellation)
    {
        long started = _environment.Clock.GetTimestamp();
        var at = _environment.Clock.GetUtcNow();
        var ruleDurations = TimeSpan.Zero;
        long samples = 0;
        var evaluation = new RuleEvaluation(
            timeMs, (long)QueryOffset.TotalMilliseconds, Group.Limit, _environment.Query, Settings) { Origin = _origin };
        foreach (var rule in Rules)
        {
            if (cancellation.IsCancellationRequested) return;
            samples += await EvaluateAsync(rule, evaluation, cancellation);
            ruleDurations += rule.EvaluationTime;
        }
        EndOrphans(evaluation.DataTimeMs);
        var duration = _environment.Clock.GetElapsedTime(started);
        _last = new Outcome(at, duration, ruleDurations, samples);
        _environment.Metrics.GroupEvaluated(Key, duration);
    }

    async Task<int> EvaluateAsync(EvaluatedRule rule, RuleEvaluation evaluation, CancellationToken cancellation)
    {
        long started = _environment.Clock.GetTimestamp();
        var at = _environment.Clock.GetUtcNow();
        string? error = null;
        int stored = 0;
        try
        {
            var samples = rule.Evaluate(evaluation, cancellation);
            if (rule is AlertingRule alerting) await SendAsync(alerting, evaluation, cancellation);
            var refused = _storage.Store(rule, samples, evaluation.DataTimeMs);
            stored = refused.Stored;
            if (refused.OutOfOrder + refused.DuplicateTimestamp + refused.TooOld > 0)
            {
                RulesLog.SamplesRefused(
                    _environment.Logger, refused.OutOfOrder, refused.DuplicateTimestamp, refused.TooOld, rule.Name, Name);
            }
        }
        catch (Exception problem) when (IsFailureOfRule(problem, cancellation))
        {
            error = problem.Message;
            RulesLog.EvaluationFailed(_environment.Logger, rule.Name, Name, error);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        var duration = _environment.Clock.GetElapsedTime(started);
        rule.Finish(error, at, duration);
        _environment.Metrics.RuleEvaluated(Key, duration, failed: error is not null);
        return stored;
    }

    /// <summary>All but the end of the program and the program's own mistakes: those must not hide as a rule's bad health.</summary>
    static bool IsFailureOfRule(Exception problem, CancellationToken cancellation) => problem switch
    {
        _ when cancellation.IsCancellationRequested => false,
        QueryEvaluationException or PromQLParseException or StoreUnavailableException or SeriesLimitException => true,
        _ => problem is not (OutOfMemoryException or OperationCanceledException),
    };

    async Task SendAsync(AlertingRule rule, RuleEvaluation evaluation, CancellationToken cancellation)
    {
        long resendMs = (long)_environment.Options.ResendDelay.TotalMilliseconds;
        // Long enough for two evaluations or two deliveries to fail.
        long validForMs = 4 * Math.Max((long)Interval.TotalMilliseconds, resendMs);
        var due = rule.TakeDue(evaluation.TimeMs, resendMs, validForMs);
        if (due.Count == 0) return;
        var alerts = AlertDispatch.Prepare(due, rule.QueryText, evaluation.Settings);
        if (alerts.Count == 0) return;
        try
        {
            await _environment.Alerts.SendAsync(alerts, cancellation);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            rule.PutBack(due);
            if (cancellation.IsCancellationRequested) return;
            RulesLog.AlertsNotAccepted(_environment.Logger, alerts.Count, rule.Name, problem.Message);
        }
    }

    /// <summary>Gives alerting rules their state from before a restart, if they still need it.</summary>
    public void Restore(long nowMs, CancellationToken cancellation)
    {
        if (!ShouldRestore) return;
        ShouldRestore = false;
        foreach (var rule in Rules.OfType<AlertingRule>())
        {
            if (rule.Restored) continue;
            try
            {
                AlertRestoration.Restore(rule, _environment.Query, nowMs, _environment.Options, cancellation);
            }
            catch (Exception problem) when (IsFailureOfRule(problem, cancellation))
            {
                // Waiting anew is late; never writing series would be worse.
                rule.Restored = true;
                RulesLog.RestorationFailed(_environment.Logger, rule.Name, Name, problem.Message);
            }
        }
    }

    /// <summary>
    /// Takes over the state of the group of this name before a reload: rules of the same name and labels, in order, continue; the series of
    /// those that are gone are ended at the next evaluation.
    /// </summary>
    public void ContinueFrom(EvaluatedGroup before)
    {
        _last = before._last;
        ShouldRestore = before.ShouldRestore;
        var left = before.Rules.GroupBy(r => r.Identity, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Queue<EvaluatedRule>(g), StringComparer.Ordinal);
        foreach (var rule in Rules)
            if (left.TryGetValue(rule.Identity, out var same) && same.TryDequeue(out var old)) rule.ContinueFrom(old);
        _orphans.AddRange(before._orphans);
        foreach (var gone in left.Values.SelectMany(q => q)) _orphans.AddRange(gone.SeriesOfLastEvaluation.Keys);
    }

    /// <summary>Ends all series of the group, which will not be evaluated any more.</summary>
    public void EndAllSeries(long timeMs)
    {
        foreach (var rule in Rules) _orphans.AddRange(rule.SeriesOfLastEvaluation.Keys);
        EndOrphans(timeMs);
    }

    void EndOrphans(long timeMs)
    {
        if (_orphans.Count == 0) return;
        try
        {
            _storage.End(_orphans, timeMs);
            _orphans.Clear();
        }
        catch (Exception problem) when (problem is StoreUnavailableException or SeriesLimitException)
        {
            RulesLog.StalenessFailed(_environment.Logger, Name, problem.Message);
        }
    }

    public RuleGroupSnapshot Snapshot() => new(
        Name, File, Interval, QueryOffset, Group.Limit, [.. Rules.Select(r => r.Snapshot())], LastEvaluation, EvaluationTime);
}
