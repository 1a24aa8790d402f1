using Vigie.Model;

namespace Vigie.Rules;

public enum RuleHealth : byte { Unknown, Good, Bad }

public enum AlertState : byte { Inactive, Pending, Firing }

/// <summary>A rule group at one moment, as <c>/api/v1/rules</c> shows it.</summary>
/// <param name="LastEvaluation">When the last evaluation began; null before the first.</param>
/// <param name="EvaluationTime">How long it took.</param>
public sealed record RuleGroupSnapshot(
    string Name, string File, TimeSpan Interval, TimeSpan QueryOffset, int Limit, IReadOnlyList<RuleSnapshot> Rules,
    DateTimeOffset? LastEvaluation, TimeSpan EvaluationTime);

/// <param name="Query">The expression in canonical form.</param>
/// <param name="Labels">As configured: values are templates.</param>
/// <param name="LastError">"" if the last evaluation succeeded.</param>
public abstract record RuleSnapshot(
    string Name, string Query, Labels Labels, RuleHealth Health, string LastError, DateTimeOffset? LastEvaluation, TimeSpan EvaluationTime);

public sealed record RecordingRuleSnapshot(
    string Name, string Query, Labels Labels, RuleHealth Health, string LastError, DateTimeOffset? LastEvaluation, TimeSpan EvaluationTime)
    : RuleSnapshot(Name, Query, Labels, Health, LastError, LastEvaluation, EvaluationTime);

/// <param name="State">The highest of its alerts.</param>
/// <param name="For">How long the condition must hold before an alert fires.</param>
/// <param name="Annotations">As configured: values are templates.</param>
/// <param name="Alerts">Pending and firing ones.</param>
public sealed record AlertingRuleSnapshot(
    string Name, string Query, Labels Labels, RuleHealth Health, string LastError, DateTimeOffset? LastEvaluation, TimeSpan EvaluationTime,
    AlertState State, TimeSpan For, TimeSpan KeepFiringFor, Labels Annotations, IReadOnlyList<AlertSnapshot> Alerts)
    : RuleSnapshot(Name, Query, Labels, Health, LastError, LastEvaluation, EvaluationTime);

/// <summary>A pending or firing alert, as <c>/api/v1/alerts</c> shows it.</summary>
/// <param name="Value">Of the expression when it was last true.</param>
/// <param name="ActiveAt">Since when the condition has held.</param>
/// <param name="KeepFiringSince">Since when it fires only because of <c>keep_firing_for</c>.</param>
public sealed record AlertSnapshot(
    Labels Labels, Labels Annotations, AlertState State, double Value, DateTimeOffset ActiveAt, DateTimeOffset? KeepFiringSince);
