using System.Runtime.InteropServices;
using System.Text.Json;
using Vigie.Metrics;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/status/*, and what tools ask to learn about the server.</summary>
sealed class StatusEndpoints(PrometheusServices services)
{
    const int StatisticsLimitDefault = 10, StatisticsLimitMax = 10_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/status/config", Methods.Get, http => JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("yaml"u8, services.Configuration.Prometheus.EffectiveYaml);
            json.WriteEndObject();
        }));
        routes.MapApi("/api/v1/status/flags", Methods.Get, http => JsonApi.SucceedAsync(http, WriteFlags));
        routes.MapApi("/api/v1/status/buildinfo", Methods.Get, http => JsonApi.SucceedAsync(http, WriteBuild));
        routes.MapApi("/api/v1/status/runtimeinfo", Methods.Get, http => JsonApi.SucceedAsync(http, WriteRuntime));
        routes.MapApi("/api/v1/status/tsdb", Methods.Get, StatisticsAsync);
        routes.MapApi("/api/v1/status/walreplay", Methods.Get, http => JsonApi.SucceedAsync(http, WriteReplay));
        routes.MapApi("/api/v1/notifications", Methods.Get, http => JsonApi.SucceedAsync(http, json => JsonApi.WriteStrings(json, [])));
        routes.MapApi("/api/vigie/v1/queries", Methods.Get, http => JsonApi.SucceedAsync(http, WriteQueries));
        routes.MapApi("/api/vigie/v1/queries/{id:long}", ["DELETE"], CancelQueryAsync);
    }

    void WriteFlags(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in services.Options.Flags.OrderBy(flag => flag.Key, StringComparer.Ordinal)) json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>The version of Prometheus whose API this is, so that clients which look choose their newest behaviour; ours stands beside it.</summary>
    static void WriteBuild(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version"u8, ServerVersion.PrometheusApi);
        json.WriteString("revision"u8, "vigie-" + ServerVersion.Vigie);
        json.WriteString("branch"u8, "vigie");
        json.WriteString("buildUser"u8, "");
        json.WriteString("buildDate"u8, "");
        json.WriteString("goVersion"u8, RuntimeInformation.FrameworkDescription);
        json.WriteEndObject();
    }

    void WriteRuntime(Utf8JsonWriter json)
    {
        var head = services.Store.Head;
        json.WriteStartObject();
        json.WriteString("startTime"u8, JsonApi.FormatTime(services.Started));
        json.WriteString("CWD"u8, Environment.CurrentDirectory);
        json.WriteString("hostname"u8, Environment.MachineName);
        json.WriteString("serverTime"u8, JsonApi.FormatTime(services.Clock.GetUtcNow()));
        json.WriteBoolean("reloadConfigSuccess"u8, services.Reloading.LastSucceeded);
        json.WriteString("lastConfigTime"u8, JsonApi.FormatTime(services.Reloading.LastSuccess));
        json.WriteNumber("timeSeriesCount"u8, head.Series);
        json.WriteNumber("corruptionCount"u8, services.Store.Replay.DamagedRecords);
        json.WriteNumber("goroutineCount"u8, ThreadPool.ThreadCount);
        json.WriteNumber("GOMAXPROCS"u8, Environment.ProcessorCount);
        json.WriteNumber("GOMEMLIMIT"u8, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        json.WriteString("GOGC"u8, "");
        json.WriteString("GODEBUG"u8, "");
        json.WriteString("storageRetention"u8, services.RetentionText);
        json.WriteEndObject();
    }

    async Task StatisticsAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = CardinalityEndpoint.LimitOf(parameters, StatisticsLimitDefault, StatisticsLimitMax);
        var statistics = services.Store.Statistics(limit);
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("headStats"u8);
            json.WriteNumber("numSeries"u8, statistics.Head.Series);
            json.WriteNumber("numLabelPairs"u8, statistics.Head.LabelPairs);
            json.WriteNumber("chunkCount"u8, statistics.Head.Chunks);
            json.WriteNumber("minTime"u8, statistics.Head.MinTimeMs);
            json.WriteNumber("maxTime"u8, statistics.Head.MaxTimeMs);
            json.WriteEndObject();
            WriteCounts(json, "seriesCountByMetricName", statistics.SeriesCountByMetricName);
            WriteCounts(json, "labelValueCountByLabelName", statistics.LabelValueCountByLabelName);
            WriteCounts(json, "memoryInBytesByLabelName", statistics.MemoryInBytesByLabelName);
            WriteCounts(json, "seriesCountByLabelValuePair", statistics.SeriesCountByLabelValuePair);
            json.WriteEndObject();
        });
    }

    static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyList<NamedCount> counts)
    {
        json.WriteStartArray(name);
        foreach (var count in counts)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, count.Name);
            json.WriteNumber("value"u8, count.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    void WriteReplay(Utf8JsonWriter json)
    {
        int segments = services.Store.Replay.Segments;
        json.WriteStartObject();
        json.WriteNumber("min"u8, 0);
        json.WriteNumber("max"u8, segments);
        json.WriteNumber("current"u8, segments);
        json.WriteEndObject();
    }

    void WriteQueries(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var query in services.Queries.Active)
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, query.Id);
            json.WriteString("query"u8, query.Text);
            json.WriteString("state"u8, query.Running ? "running" : "waiting");
            json.WriteString("since"u8, JsonApi.FormatTime(query.Since));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    Task CancelQueryAsync(HttpContext http)
    {
        long id = long.Parse((string)http.Request.RouteValues["id"]!, System.Globalization.CultureInfo.InvariantCulture);
        if (!services.Queries.Cancel(id)) throw ApiException.NotFound($"found no active query {id}");
        return JsonApi.SucceedAsync(http, json => json.WriteNullValue());
    }
}
