using System.Collections.Immutable;
using System.Globalization;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>
/// Makes an alert of each element of its expression: pending first, firing once the condition has held for <c>for</c>, resolved when it
/// ends (Prometheus, rules/alerting.go).
/// </summary>
sealed class AlertingRule : EvaluatedRule
{
    public const string AlertMetric = "ALERTS";
    public const string ForStateMetric = "ALERTS_FOR_STATE";
    const string AlertStateLabel = "alertstate";

    /// <summary>How long resolved alerts are remembered and sent, so that one that was missed arrives later.</summary>
    const long ResolvedRetentionMs = 15 * 60_000;

    readonly Lock _lock = new();
    readonly Dictionary<Labels, ActiveAlert> _active = [];      // guarded by _lock
    readonly ImmutableArray<RuleTemplate> _labelTemplates;
    readonly ImmutableArray<RuleTemplate> _annotationTemplates;
    readonly Labels _configuredAnnotations;
    readonly long _keepFiringForMs;
    volatile bool _restored;

    /// <param name="restored">False: series are not written before <see cref="Restored"/> is set.</param>
    public AlertingRule(Rule rule, ParserOptions parser, bool restored) : base(rule, parser)
    {
        For = rule.For;
        ForMs = (long)rule.For.TotalMilliseconds;
        KeepFiringFor = rule.KeepFiringFor;
        _keepFiringForMs = (long)rule.KeepFiringFor.TotalMilliseconds;
        _configuredAnnotations = Labels.From(rule.Annotations);
        // Not from the label sets: an empty value removes a label of the element.
        _labelTemplates = TemplatesOf(rule, rule.Labels);
        _annotationTemplates = TemplatesOf(rule, rule.Annotations);
        _restored = restored;
    }

    static ImmutableArray<RuleTemplate> TemplatesOf(Rule rule, IReadOnlyDictionary<string, string> texts) =>
        [.. texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new RuleTemplate(rule.Name, t.Key, t.Value))];

    public TimeSpan For { get; }
    public long ForMs { get; }
    public TimeSpan KeepFiringFor { get; }

    /// <summary>Whether the state from before a restart has been looked for.</summary>
    public bool Restored { get => _restored; set => _restored = value; }

    /// <summary>Told of a template that fails: the rule, the label or annotation, the error.</summary>
    public Action<string, string, string>? TemplateFailed { get; init; }

    public override List<RuleSample> Evaluate(in RuleEvaluation evaluation, CancellationToken cancellation)
    {
        var elements = evaluation.Query.Run(Expression, evaluation.DataTimeMs, cancellation, evaluation.Origin);
        var alerts = MakeAlerts(evaluation, elements, cancellation);
        var output = new List<RuleSample>(alerts.Count * 2);
        lock (_lock)
        {
            foreach (var (labels, alert) in alerts)
            {
                if (_active.TryGetValue(labels, out var known) && known.State != AlertState.Inactive)
                {
                    known.Value = alert.Value;
                    known.Annotations = alert.Annotations;
                }
                else _active[labels] = alert;
            }
            int alive = 0;
            foreach (var (labels, alert) in _active)
            {
                if (!Advance(alert, alerts.ContainsKey(labels), evaluation.TimeMs)) continue;
                alive++;
                if (Restored) AddSamples(output, alert);
            }
            if (evaluation.Limit > 0 && alive > evaluation.Limit)
            {
                _active.Clear();
                throw new RuleException(string.Create(CultureInfo.InvariantCulture,
                    $"exceeded limit of {evaluation.Limit} with {alive} alerts"));
            }
        }
        return output;
    }

    Dictionary<Labels, ActiveAlert> MakeAlerts(in RuleEvaluation evaluation, List<RuleSample> elements, CancellationToken cancellation)
    {
        var (query, timeMs, time, settings) = (evaluation.Query, evaluation.TimeMs, evaluation.Time, evaluation.Settings);
        var context = new PrometheusTemplateContext(text => query.RunForTemplate(text, timeMs, cancellation), settings.ExternalUrl);
        var alerts = new Dictionary<Labels, ActiveAlert>(elements.Count);
        var builder = new LabelsBuilder();
        foreach (var element in elements)
        {
            var data = new AlertTemplateData(element.Labels, settings.ExternalLabels, settings.ExternalUrl, element.Value);
            builder.Reset(element.Labels).Remove(LabelNames.MetricName);
            foreach (var template in _labelTemplates) builder.Set(template.Name, Expand(template));
            builder.Set(LabelNames.AlertName, Name);
            var labels = builder.Build();
            builder.Clear();
            foreach (var template in _annotationTemplates) builder.Set(template.Name, Expand(template));
            var alert = new ActiveAlert(labels, timeMs) { Annotations = builder.Build(), Value = element.Value };
            if (!alerts.TryAdd(labels, alert))
                throw new RuleException("vector contains metrics with the same labelset after applying alert labels");

            string Expand(RuleTemplate template)
            {
                string text = template.Expand(data, context, time, out string? error);
                if (error is not null) TemplateFailed?.Invoke(Name, template.Name, error);
                return text;
            }
        }
        return alerts;
    }

    /// <returns>True if the alert is pending or firing now.</returns>
    bool Advance(ActiveAlert alert, bool conditionHolds, long nowMs)
    {
        if (conditionHolds) alert.KeepFiringSinceMs = null;
        else
        {
            bool keepFiring = false;
            if (alert.State == AlertState.Firing && _keepFiringForMs > 0)
            {
                alert.KeepFiringSinceMs ??= nowMs;
                keepFiring = nowMs - alert.KeepFiringSinceMs < _keepFiringForMs;
            }
            // Removing while enumerating is allowed for this dictionary.
            if (alert.State == AlertState.Pending || nowMs - alert.ResolvedAtMs > ResolvedRetentionMs) _active.Remove(alert.Labels);
            if (alert.State != AlertState.Inactive && !keepFiring)
            {
                alert.State = AlertState.Inactive;
                alert.ResolvedAtMs = nowMs;
            }
            if (!keepFiring) return false;
        }
        if (alert.State == AlertState.Pending && nowMs - alert.ActiveAtMs >= ForMs)
        {
            alert.State = AlertState.Firing;
            alert.FiredAtMs = nowMs;
        }
        return true;
    }

    void AddSamples(List<RuleSample> output, ActiveAlert alert)
    {
        var builder = new LabelsBuilder(alert.Labels).Set(LabelNames.MetricName, AlertMetric).Set(LabelNames.AlertName, Name)
            .Set(AlertStateLabel, alert.State == AlertState.Firing ? "firing" : "pending");
        output.Add(new RuleSample(builder.Build(), 1));
        builder.Reset(alert.Labels).Set(LabelNames.MetricName, ForStateMetric).Set(LabelNames.AlertName, Name);
        output.Add(new RuleSample(builder.Build(), Math.Floor(alert.ActiveAtMs / 1000d)));
    }

    /// <summary>The alerts that are due to be sent, marked as sent.</summary>
    /// <param name="validForMs">How long a firing alert counts as firing if it is not sent again.</param>
    public List<SentAlert> TakeDue(long nowMs, long resendDelayMs, long validForMs)
    {
        var due = new List<SentAlert>();
        lock (_lock)
        {
            foreach (var alert in _active.Values)
            {
                if (!alert.NeedsSending(nowMs, resendDelayMs)) continue;
                due.Add(new SentAlert(
                    alert, alert.LastSentAtMs, alert.FiredAtMs ?? alert.ActiveAtMs, alert.ResolvedAtMs ?? nowMs + validForMs));
                alert.LastSentAtMs = nowMs;
            }
        }
        return due;
    }

    /// <summary>Undoes <see cref="TakeDue"/>, so that what did not arrive is sent at the next evaluation.</summary>
    public void PutBack(List<SentAlert> notSent)
    {
        lock (_lock)
            foreach (var sent in notSent) sent.Alert.LastSentAtMs = sent.SentBeforeMs;
    }

    /// <summary>Calls <paramref name="change"/> for every alert that is pending or firing.</summary>
    public void ForEachActive(Action<ActiveAlert> change)
    {
        lock (_lock)
        {
            foreach (var alert in _active.Values)
                if (alert.State != AlertState.Inactive) change(alert);
        }
    }

    public override void ContinueFrom(EvaluatedRule before)
    {
        base.ContinueFrom(before);
        if (before is not AlertingRule other) return;
        lock (other._lock)
            lock (_lock)
                foreach (var (labels, alert) in other._active) _active[labels] = alert;
        Restored = other.Restored;
    }

    public override RuleSnapshot Snapshot()
    {
        List<AlertSnapshot> alerts;
        lock (_lock) alerts = [.. _active.Values.Where(a => a.State != AlertState.Inactive).Select(a => a.Snapshot())];
        alerts.Sort((a, b) => a.Labels.CompareTo(b.Labels));
        var state = alerts.Count == 0 ? AlertState.Inactive : alerts.Max(a => a.State);
        return new AlertingRuleSnapshot(Name, QueryText, ConfiguredLabels, Health, LastError, LastEvaluation, EvaluationTime,
            state, For, KeepFiringFor, _configuredAnnotations, alerts);
    }
}

/// <param name="SentBeforeMs">When it had been sent before this time.</param>
readonly record struct SentAlert(ActiveAlert Alert, long? SentBeforeMs, long StartsAtMs, long EndsAtMs);
