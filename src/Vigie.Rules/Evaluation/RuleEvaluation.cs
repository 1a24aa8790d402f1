using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>What one evaluation of a rule needs to know.</summary>
/// <param name="TimeMs">The time of the evaluation, Unix milliseconds; the same for all rules of the group.</param>
/// <param name="QueryOffsetMs">How far before that the data is taken, and the results are stored.</param>
/// <param name="Limit">Most series or alerts, 0 for no bound.</param>
readonly record struct RuleEvaluation(long TimeMs, long QueryOffsetMs, int Limit, RuleQuery Query, RuleSettings Settings)
{
    /// <summary>The group, for the query log.</summary>
    public RuleQueryOrigin? Origin { get; init; }

    public long DataTimeMs => TimeMs - QueryOffsetMs;

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(TimeMs);
}

/// <summary>A rule's result cannot be used; the message is shown as the rule's last error.</summary>
sealed class RuleException(string message) : QueryEvaluationException(message);
