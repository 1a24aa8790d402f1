using Microsoft.Extensions.Logging;

namespace Vigie.Alerting;

/// <summary>The log messages of alerting.</summary>
static partial class AlertingLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "state of alerting in {Path} cannot be read and is left out: {Problem}")]
    public static partial void LogStateRefused(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "state of alerting in {Path} is damaged from offset {Offset} on: {Bytes} bytes cut")]
    public static partial void LogStateDamaged(this ILogger logger, string path, int offset, long bytes);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "the state of alerting cannot be stored, alerts are still notified: {Problem}")]
    public static partial void LogStateUnavailable(this ILogger logger, string problem);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "the state of alerting is stored again")]
    public static partial void LogStateAvailable(this ILogger logger);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information,
        Message = "state of alerting read: {Alerts} alerts, {Silences} silences, {Notifications} notifications")]
    public static partial void LogStateRead(this ILogger logger, int alerts, int silences, int notifications);

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "alerting configuration applied: {Routes} routes, {Receivers} receivers")]
    public static partial void LogApplied(this ILogger logger, int routes, int receivers);

    [LoggerMessage(EventId = 7, Level = LogLevel.Error, Message = "template file {Path} is left out, its notifications use the built-in templates: {Problem}")]
    public static partial void LogTemplateFileRefused(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "no template file matches {Pattern}")]
    public static partial void LogNoTemplateFiles(this ILogger logger, string pattern);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error, Message = "the store of alerts is full ({Limit}): alert {Labels} is refused")]
    public static partial void LogAlertRefused(this ILogger logger, int limit, string labels);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information,
        Message = "notification sent by {Integration} for {Group}: {Alerts} alerts, attempt {Attempt}")]
    public static partial void LogNotified(this ILogger logger, string integration, string group, int alerts, int attempt);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "notification by {Integration} for {Group} failed and is tried again: {Problem}")]
    public static partial void LogNotificationRetried(this ILogger logger, string integration, string group, string problem);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error,
        Message = "notification by {Integration} for {Group} failed after {Attempts} attempts, {Alerts} alerts were not delivered: {Problem}")]
    public static partial void LogNotificationFailed(this ILogger logger, string integration, string group, int attempts, int alerts, string problem);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "template of {Field} for {Integration} failed, the built-in text is sent: {Problem}")]
    public static partial void LogTemplateFailed(this ILogger logger, string field, string integration, string problem);

    [LoggerMessage(EventId = 14, Level = LogLevel.Error, Message = "flush of group {Group} failed")]
    public static partial void LogFlushFailed(this ILogger logger, Exception problem, string group);

    [LoggerMessage(EventId = 15, Level = LogLevel.Warning, Message = "alertmanager {Url} does not take alerts, next attempt in {Seconds:0} s: {Problem}")]
    public static partial void LogSendFailed(this ILogger logger, string url, double seconds, string problem);

    [LoggerMessage(EventId = 16, Level = LogLevel.Information, Message = "alertmanager {Url} takes alerts again")]
    public static partial void LogSendRecovered(this ILogger logger, string url);

    [LoggerMessage(EventId = 17, Level = LogLevel.Warning, Message = "queue to alertmanager {Url} is full: {Alerts} alerts dropped, rules send them again")]
    public static partial void LogQueueFull(this ILogger logger, string url, int alerts);

    [LoggerMessage(EventId = 18, Level = LogLevel.Error,
        Message = "receiver {Receiver} has an integration {Kind} that is not built in: its notifications are not delivered")]
    public static partial void LogIntegrationMissing(this ILogger logger, string receiver, string kind);

    [LoggerMessage(EventId = 19, Level = LogLevel.Warning,
        Message = "{Position}: alertmanagers are found by static_configs only, not by {Kind}_sd_configs: no alerts go to those")]
    public static partial void LogDiscoveryMissing(this ILogger logger, string position, string kind);

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning,
        Message = "{Position}: {Kind}_configs: {Field}: {Problem}; the built-in text will be sent with this error in it")]
    public static partial void LogTemplateProblem(this ILogger logger, string position, string kind, string field, string problem);
}
