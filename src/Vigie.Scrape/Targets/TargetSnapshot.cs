using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>Outcome of a target's last scrape.</summary>
public enum TargetHealth { Unknown, Up, Down }

/// <summary>A target as the targets API shows it.</summary>
/// <param name="DiscoveredLabels">Before relabelling.</param>
/// <param name="Labels">Of the target's series; names that start with <c>__</c> are gone.</param>
/// <param name="GlobalUrl">The URL with the host name of this machine in place of a loopback name.</param>
/// <param name="LastError">Why the last scrape failed, in Prometheus' words; "" if it did not.</param>
/// <param name="LastErrorLine">The line of the page at fault; 0 if the failure has none.</param>
/// <param name="LastScrape">Null before the first scrape.</param>
public sealed record TargetSnapshot(
    string ScrapePool, Labels DiscoveredLabels, Labels Labels, string ScrapeUrl, string GlobalUrl, TargetHealth Health, string LastError,
    int LastErrorLine, DateTimeOffset? LastScrape, TimeSpan LastScrapeDuration, TimeSpan ScrapeInterval, TimeSpan ScrapeTimeout)
{
    /// <summary>What the target says about its metric families.</summary>
    public IReadOnlyList<TargetMetadata> Metadata { get; init; } = [];
}

/// <summary>Type, help and unit of one metric family of a target.</summary>
public readonly record struct TargetMetadata(string Metric, MetricMetadata Metadata);

/// <summary>A target that relabelling dropped.</summary>
public sealed record DroppedTarget(string ScrapePool, Labels DiscoveredLabels);

/// <summary>Why a discovery finds nothing, or less than it should.</summary>
/// <param name="Source">The key in the configuration and its position.</param>
public sealed record DiscoveryProblem(string Source, string Message);

/// <summary>One scrape job with its targets.</summary>
/// <param name="DroppedCount">All dropped targets; <paramref name="Dropped"/> may hold fewer (keep_dropped_targets).</param>
public sealed record ScrapePoolSnapshot(
    string Name, IReadOnlyList<TargetSnapshot> Active, IReadOnlyList<DroppedTarget> Dropped, int DroppedCount,
    IReadOnlyList<DiscoveryProblem> Problems);
