using System.Globalization;
using System.Text.Json;
using Vigie.Model;
using Vigie.Scrape;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/targets, targets/metadata, metadata, scrape_pools.</summary>
sealed class TargetEndpoints(PrometheusServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/targets", Methods.Get, TargetsAsync);
        routes.MapApi("/api/v1/targets/metadata", Methods.Get, TargetMetadataAsync);
        routes.MapApi("/api/v1/metadata", Methods.Get, MetadataAsync);
        routes.MapApi("/api/v1/scrape_pools", Methods.Get, PoolsAsync);
    }

    async Task TargetsAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string state = (parameters.First("state") ?? "").ToLowerInvariant();
        string? wanted = parameters.First("scrapePool");
        bool showActive = state is "" or "any" or "active", showDropped = state is "" or "any" or "dropped";
        var pools = services.Scraping.Snapshot().OrderBy(pool => pool.Name, StringComparer.Ordinal).ToList();
        var shown = pools.Where(pool => string.IsNullOrEmpty(wanted) || pool.Name == wanted).ToList();
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("activeTargets"u8);
            if (showActive)
                foreach (var pool in shown)
                    foreach (var target in pool.Active) WriteTarget(json, target);
            json.WriteEndArray();
            json.WriteStartArray("droppedTargets"u8);
            if (showDropped)
                foreach (var pool in shown)
                    foreach (var target in pool.Dropped) WriteDropped(json, target);
            json.WriteEndArray();
            if (showDropped)
            {
                json.WriteStartObject("droppedTargetCounts"u8);
                foreach (var pool in pools) json.WriteNumber(pool.Name, pool.DroppedCount);
                json.WriteEndObject();
            }
            else json.WriteNull("droppedTargetCounts"u8);
            WriteDiscoveryProblems(json, shown);
            json.WriteEndObject();
        });
    }

    /// <summary>Beyond upstream's answer, and only when there is something to say: why a discovery finds nothing.</summary>
    static void WriteDiscoveryProblems(Utf8JsonWriter json, List<ScrapePoolSnapshot> pools)
    {
        if (pools.All(pool => pool.Problems.Count == 0)) return;
        json.WriteStartArray("discoveryProblems"u8);
        foreach (var pool in pools)
        {
            foreach (var problem in pool.Problems)
            {
                json.WriteStartObject();
                json.WriteString("scrapePool"u8, pool.Name);
                json.WriteString("source"u8, problem.Source);
                json.WriteString("message"u8, problem.Message);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    static void WriteTarget(Utf8JsonWriter json, TargetSnapshot target)
    {
        json.WriteStartObject();
        json.WritePropertyName("discoveredLabels"u8);
        JsonApi.WriteLabels(json, target.DiscoveredLabels);
        json.WritePropertyName("labels"u8);
        JsonApi.WriteLabels(json, target.Labels);
        json.WriteString("scrapePool"u8, target.ScrapePool);
        json.WriteString("scrapeUrl"u8, target.ScrapeUrl);
        json.WriteString("globalUrl"u8, target.GlobalUrl);
        json.WriteString("lastError"u8, target.LastError);
        if (target.LastErrorLine > 0) json.WriteNumber("lastErrorLine"u8, target.LastErrorLine);
        json.WriteString("lastScrape"u8, JsonApi.FormatTime(target.LastScrape));
        json.WriteNumber("lastScrapeDuration"u8, target.LastScrapeDuration.TotalSeconds);
        json.WriteString("health"u8, target.Health switch { TargetHealth.Up => "up", TargetHealth.Down => "down", _ => "unknown" });
        json.WriteString("scrapeInterval"u8, GoDuration.Format(target.ScrapeInterval));
        json.WriteString("scrapeTimeout"u8, GoDuration.Format(target.ScrapeTimeout));
        json.WriteEndObject();
    }

    static void WriteDropped(Utf8JsonWriter json, DroppedTarget target)
    {
        json.WriteStartObject();
        json.WritePropertyName("discoveredLabels"u8);
        JsonApi.WriteLabels(json, target.DiscoveredLabels);
        json.WriteString("scrapePool"u8, target.ScrapePool);
        json.WriteEndObject();
    }

    async Task TargetMetadataAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = LimitOrAll(parameters, "limit", 0);
        string? metric = parameters.First("metric");
        LabelMatcher[] matchers = parameters.First("match_target") is { Length: > 0 } text ? Selectors.ParseAny(text, "match_target") : [];
        int left = limit;
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var target in services.Scraping.Snapshot().SelectMany(pool => pool.Active))
            {
                if (!matchers.All(matcher => matcher.Matches(target.Labels))) continue;
                foreach (var (family, metadata) in target.Metadata)
                {
                    if (!string.IsNullOrEmpty(metric) && family != metric) continue;
                    if (left-- == 0) break;
                    json.WriteStartObject();
                    json.WritePropertyName("target"u8);
                    JsonApi.WriteLabels(json, target.Labels);
                    if (string.IsNullOrEmpty(metric)) json.WriteString("metric"u8, family);
                    json.WriteString("type"u8, metadata.Type);
                    json.WriteString("help"u8, metadata.Help);
                    json.WriteString("unit"u8, metadata.Unit);
                    json.WriteEndObject();
                }
                if (left < 0) break;
            }
            json.WriteEndArray();
        });
    }

    async Task MetadataAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = LimitOrAll(parameters, "limit", 0), perMetric = LimitOrAll(parameters, "limit_per_metric", 1);
        string? metric = parameters.First("metric");
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            foreach (var (family, entries) in services.Store.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                if (!string.IsNullOrEmpty(metric) && family != metric) continue;
                if (limit-- == 0) break;
                json.WriteStartArray(family);
                foreach (var entry in entries.Take(perMetric))
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, entry.Type);
                    json.WriteString("unit"u8, entry.Unit);
                    json.WriteString("help"u8, entry.Help);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
    }

    Task PoolsAsync(HttpContext http) => JsonApi.SucceedAsync(http, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("scrapePools"u8);
        JsonApi.WriteStrings(json, services.Scraping.Snapshot().Select(pool => pool.Name).Order(StringComparer.Ordinal));
        json.WriteEndObject();
    });

    /// <summary>A limit where absent and below <paramref name="least"/> mean: everything.</summary>
    static int LimitOrAll(RequestParameters parameters, string name, int least)
    {
        if (parameters.First(name) is not { Length: > 0 } text) return int.MaxValue;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
            throw ApiException.BadData($"{name} must be a number");
        return value < least ? int.MaxValue : value;
    }
}
