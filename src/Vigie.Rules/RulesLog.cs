using Microsoft.Extensions.Logging;

namespace Vigie.Rules;

static partial class RulesLog
{
    [LoggerMessage(1, LogLevel.Warning, "Evaluating rule {Rule} of group {Group} failed: {Error}")]
    public static partial void EvaluationFailed(ILogger logger, string rule, string group, string error);

    [LoggerMessage(2, LogLevel.Warning,
        "Storing the result of rule {Rule} of group {Group}: {OutOfOrder} samples out of order, "
        + "{Duplicate} with another value at the same time, {TooOld} too old")]
    public static partial void SamplesRefused(ILogger logger, int outOfOrder, int duplicate, int tooOld, string rule, string group);

    [LoggerMessage(3, LogLevel.Warning,
        "Template of {Field} of alert {Rule} failed; the alert goes out with the error in its text: {Error}")]
    public static partial void TemplateFailed(ILogger logger, string rule, string field, string error);

    [LoggerMessage(4, LogLevel.Error,
        "{Count} alerts of rule {Rule} were not accepted and will be sent again at the next evaluation: {Error}")]
    public static partial void AlertsNotAccepted(ILogger logger, int count, string rule, string error);

    [LoggerMessage(5, LogLevel.Error, "Restoring the state of alerts of rule {Rule} of group {Group} failed; they wait anew: {Error}")]
    public static partial void RestorationFailed(ILogger logger, string rule, string group, string error);

    [LoggerMessage(6, LogLevel.Warning, "Ending series of group {Group} failed: {Error}")]
    public static partial void StalenessFailed(ILogger logger, string group, string error);

    [LoggerMessage(7, LogLevel.Error, "BUG: the loop of rule group {Group} failed; it goes on at its next time")]
    public static partial void LoopFailed(ILogger logger, string group, Exception error);

    [LoggerMessage(8, LogLevel.Warning, "Rule group {Group} missed {Count} evaluations: evaluating it takes longer than its interval")]
    public static partial void EvaluationsMissed(ILogger logger, string group, long count);
}
