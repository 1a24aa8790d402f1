using Microsoft.Extensions.Logging;

namespace Vigie.Remote;

/// <summary>The log messages of remote write and remote read.</summary>
static partial class RemoteLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "remote write: positions in {Path} cannot be read and are left out: {Problem}")]
    public static partial void LogPositionsRefused(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error,
        Message = "remote write: positions in {Path} cannot be written, a restart will send samples again: {Problem}")]
    public static partial void LogPositionsFailed(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "remote write to {Name} ({Url}) begins at the end of the log")]
    public static partial void LogBegins(this ILogger logger, string name, string url);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information,
        Message = "remote write to {Name} ({Url}) goes on at log segment {Segment}, offset {Offset}, with {Shards} shards")]
    public static partial void LogGoesOn(this ILogger logger, string name, string url, ulong segment, long offset, int shards);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "remote write to {Name} failed, sending again in {Seconds} s: {Problem}")]
    public static partial void LogRetry(this ILogger logger, string name, double seconds, string problem);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error,
        Message = "remote write to {Name}: {Samples} samples, {Histograms} histograms, {Exemplars} exemplars refused for good: {Problem}")]
    public static partial void LogRejected(this ILogger logger, string name, int samples, int histograms, int exemplars, string problem);

    [LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = "remote write to {Name}: {From} shards become {To}")]
    public static partial void LogResharded(this ILogger logger, string name, int from, int to);

    [LoggerMessage(EventId = 8, Level = LogLevel.Error,
        Message = "remote write: {Bytes} bytes of the log wait to be sent, more than the {BytesMax} allowed: segments before {Segment} are dropped unsent")]
    public static partial void LogDropped(this ILogger logger, long bytes, long bytesMax, ulong segment);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error,
        Message = "remote write to {Name}: log segments {From} to before {To} are gone, their samples are not sent")]
    public static partial void LogGap(this ILogger logger, string name, ulong from, ulong to);

    [LoggerMessage(EventId = 10, Level = LogLevel.Error, Message = "remote write to {Name}: the log cannot be read, trying again: {Problem}")]
    public static partial void LogUnreadable(this ILogger logger, string name, string problem);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "{Position}: {Method} is not supported: nothing is sent to {Url}")]
    public static partial void LogUnsupported(this ILogger logger, string position, string method, string url);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "remote write to {Name}: metadata refused: {Problem}")]
    public static partial void LogMetadataRejected(this ILogger logger, string name, string problem);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "remote write: log segments cannot be kept: {Problem}")]
    public static partial void LogKeepFailed(this ILogger logger, string problem);
}
