using Vigie.Configuration;
using Vigie.Configuration.Http;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>What the host decides for scraping.</summary>
public sealed record ScrapeOptions
{
    /// <summary>Files of file_sd_configs; null: there are none.</summary>
    public IConfigFiles? Files { get; init; }

    /// <summary>
    /// Makes the handler of a job's requests, redirects and authentication included. Plain HTTP targets that need none of it are fetched without.
    /// </summary>
    public Func<HttpClientConfig, HttpMessageHandler> CreateHandler { get; init; } = static config => new SocketsHttpHandler
    {
        AllowAutoRedirect = config.FollowRedirects,
        UseCookies = false,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Counters get a zero at the moment they began, where the page says it (feature created-timestamp-zero-ingestion).</summary>
    public bool ZeroAtStart { get; init; }

    public string UserAgent { get; init; } = "Vigie/0.1.0";

    /// <summary>Pages that this process serves itself: fetched by a call instead of a request.</summary>
    public IReadOnlyList<IInProcessTarget> InProcessTargets { get; init; } = [];

    /// <summary>Shown instead of a loopback name in <see cref="TargetSnapshot.GlobalUrl"/>.</summary>
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>
    /// Samples taken that long after their turn, and at most a hundredth of the interval, are moved onto it, so that timestamps lie evenly and compress
    /// well; zero leaves all where they are.
    /// </summary>
    public TimeSpan TimestampTolerance { get; init; } = TimeSpan.FromMilliseconds(2);
}
