using Microsoft.Extensions.Logging;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>The log messages of the store.</summary>
static partial class MetricsLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "log segment {Path} cannot be read and is left out: {Problem}")]
    public static partial void LogSegmentRefused(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning,
        Message = "log segment {Path} is damaged from offset {Offset} on: {Records} records ({Bytes} bytes) cut, {Unusable} later ones of no use without them")]
    public static partial void LogSegmentDamaged(this ILogger logger, string path, int offset, int records, long bytes, int unusable);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information,
        Message = "log replayed: {Segments} segments, {Samples} samples of {Series} series in {Seconds:0.000} s")]
    public static partial void LogReplayed(this ILogger logger, int segments, long samples, int series, double seconds);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "no samples can be stored: {Problem}")]
    public static partial void LogUnavailable(this ILogger logger, string problem);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "samples are stored again")]
    public static partial void LogAvailable(this ILogger logger);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "{Work} failed and will be tried again")]
    public static partial void LogWorkFailed(this ILogger logger, Exception problem, string work);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning,
        Message = "the write-ahead log {Path} was deleted under the running server; a new one is begun, and what is in memory goes to a block")]
    public static partial void LogSegmentGone(this ILogger logger, string path);

    [LoggerMessage(EventId = 8, Level = LogLevel.Information,
        Message = "block {Number} written: {Series} series, {Samples} samples, {Bytes} bytes in {Seconds:0.000} s")]
    public static partial void LogBlockWritten(this ILogger logger, ulong number, int series, long samples, long bytes, double seconds);

    [LoggerMessage(EventId = 9, Level = LogLevel.Information, Message = "blocks {Sources} compacted to block {Number}")]
    public static partial void LogCompacted(this ILogger logger, string sources, ulong number);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "block {Number} dropped: {Reason}")]
    public static partial void LogBlockDropped(this ILogger logger, ulong number, string reason);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "block file {Path} cannot be used and is left out: {Problem}")]
    public static partial void LogBlockRefused(this ILogger logger, string path, string problem);

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning,
        Message = "new series are refused: {Reason}; for example {Series} (said at most every 10 minutes)")]
    public static partial void LogSeriesRefused(this ILogger logger, string reason, Labels series);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning,
        Message = "{Path}: the manifest names blocks that are not there ({Blocks}): all blocks that are whole and the whole log are read instead")]
    public static partial void LogBlocksMissing(this ILogger logger, string path, string blocks);

    [LoggerMessage(EventId = 12, Level = LogLevel.Information, Message = "{Series} series of block {Number} dropped by retention rules")]
    public static partial void LogSeriesExpired(this ILogger logger, int series, ulong number);

    [LoggerMessage(EventId = 13, Level = LogLevel.Information,
        Message = "downsampled: {Series} series to windows of {Seconds} s, from {StartMs} to {EndMs} ms")]
    public static partial void LogRolledUp(this ILogger logger, int series, double seconds, long startMs, long endMs);
}
