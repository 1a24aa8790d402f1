using Microsoft.Extensions.Logging;

namespace Vigie.Scrape;

static partial class ScrapeLog
{
    [LoggerMessage(1, LogLevel.Debug, "Scrape of {Url} (job {Job}) failed: {Reason}")]
    public static partial void ScrapeFailed(ILogger logger, string url, string job, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Scrape of {Url} (job {Job}) failed at line {Line} of the page: {Reason}")]
    public static partial void PageMalformed(ILogger logger, string url, string job, int line, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Error on ingesting samples with different value but same timestamp: {Count} of {Url} (job {Job})")]
    public static partial void Duplicates(ILogger logger, int count, string url, string job);

    [LoggerMessage(4, LogLevel.Warning, "Error on ingesting out-of-order samples: {Count} of {Url} (job {Job})")]
    public static partial void OutOfOrder(ILogger logger, int count, string url, string job);

    [LoggerMessage(5, LogLevel.Warning,
        "Error on ingesting samples that are too old or are too far into the future: {Count} of {Url} (job {Job})")]
    public static partial void OutOfBounds(ILogger logger, int count, string url, string job);

    [LoggerMessage(6, LogLevel.Warning, "A series limit refused {Count} series of {Url} (job {Job})")]
    public static partial void SeriesRefused(ILogger logger, int count, string url, string job);

    [LoggerMessage(7, LogLevel.Error, "The store does not accept the samples of {Url} (job {Job}): {Reason}")]
    public static partial void StoreUnavailable(ILogger logger, string url, string job, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Discovery {Source} of job {Job}: {Problem}")]
    public static partial void DiscoveryProblem(ILogger logger, string source, string job, string problem);

    [LoggerMessage(9, LogLevel.Error, "Creating a target of job {Job} failed: {Problem}; discovered labels {Labels}")]
    public static partial void TargetInvalid(ILogger logger, string job, string problem, string labels);

    [LoggerMessage(10, LogLevel.Error, "The scrape loop of {Url} (job {Job}) met an unexpected failure and goes on")]
    public static partial void LoopFailed(ILogger logger, Exception failure, string url, string job);

    [LoggerMessage(11, LogLevel.Error, "Discovery {Source} of job {Job} met an unexpected failure and goes on")]
    public static partial void DiscoveryFailed(ILogger logger, Exception failure, string source, string job);

    [LoggerMessage(12, LogLevel.Warning, "Job {Job} sets {Option}, which has no effect in this version")]
    public static partial void OptionWithoutEffect(ILogger logger, string job, string option);
}
