using Vigie.Configuration.Prometheus;

namespace Vigie.Scrape;

/// <summary>What a discovery found.</summary>
/// <param name="Groups">Null: nothing was learnt, what was found before still holds.</param>
/// <param name="Problem">For the log and the targets page; null: all is well.</param>
readonly record struct Discovered(IReadOnlyList<TargetGroup>? Groups, string? Problem = null);

/// <summary>One entry of a <c>*_sd_configs</c> list at work.</summary>
interface IDiscoverer
{
    /// <summary>Time between two calls of <see cref="FindAsync"/>; null: the first answer is final.</summary>
    TimeSpan? RefreshInterval { get; }

    /// <summary>Never throws for what the outside world does: that is a <see cref="Discovered.Problem"/>.</summary>
    ValueTask<Discovered> FindAsync(CancellationToken cancellation);
}
