namespace Vigie.Scrape;

/// <summary>Which bound or step a scrape failed at, for the counters.</summary>
enum ScrapeFailure { Other, Fetch, BodySize, SampleLimit, LabelLimit, TargetLimit }

/// <summary>A scrape that failed; the message is what the targets page shows.</summary>
sealed class ScrapeException(string message, int line = 0) : Exception(message)
{
    /// <summary>Line of the page, 0 if none is at fault.</summary>
    public int Line { get; } = line;

    public ScrapeFailure Cause { get; init; }
}
