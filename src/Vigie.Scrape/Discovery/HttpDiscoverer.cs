using System.Net;
using Vigie.Configuration.Prometheus;

namespace Vigie.Scrape;

/// <summary><c>http_sd_configs</c>: target groups as JSON from a server. A failure keeps what was found before.</summary>
sealed class HttpDiscoverer(HttpDiscoveryConfig config, ScrapeOptions options) : IDiscoverer, IDisposable
{
    const int BytesMax = 32 << 20;

    readonly HttpClient _client = new(options.CreateHandler(config.Http)) { MaxResponseContentBufferSize = BytesMax };

    public TimeSpan? RefreshInterval => config.RefreshInterval;

    public void Dispose() => _client.Dispose();

    public async ValueTask<Discovered> FindAsync(CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, config.Url);
            request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("X-Prometheus-Refresh-Interval-Seconds",
                config.RefreshInterval.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));
            using var response = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
                return new Discovered(null, $"{config.Url}: server returned HTTP status {(int)response.StatusCode}");
            string text = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            return new Discovered(TargetGroupJson.Parse(config.Url, text, "__meta_url"));
        }
        catch (Exception failure) when (failure is HttpRequestException or FormatException or IOException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new Discovered(null, $"{config.Url}: {failure.Message}");
        }
    }
}
