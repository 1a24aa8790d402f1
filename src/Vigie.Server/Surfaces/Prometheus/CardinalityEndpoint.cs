using System.Text.Json;
using Vigie.Metrics;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// /api/vigie/v1/cardinality: what the series in memory are (the top <c>limit</c> metrics, jobs, targets, labels, label pairs), the limits, and
/// which series were refused within the last hour because of whom.
/// </summary>
sealed class CardinalityEndpoint(PrometheusServices services)
{
    const int LimitDefault = 10, LimitMax = 10_000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapApi("/api/vigie/v1/cardinality", Methods.Get, AnswerAsync);

    async Task AnswerAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        int limit = LimitOf(parameters, LimitDefault, LimitMax);
        var report = services.Store.CardinalityReport(limit);
        await JsonApi.SucceedAsync(http, json => Write(json, report));
    }

    /// <summary>The parameter <c>limit</c> of top lists, with upstream's words for what is wrong with it.</summary>
    public static int LimitOf(RequestParameters parameters, int otherwise, int max)
    {
        if (!parameters.Has("limit")) return otherwise;
        if (!int.TryParse(parameters.First("limit"), out int limit) || limit < 1) throw ApiException.BadData("limit must be a positive number");
        return limit <= max ? limit : throw ApiException.BadData($"limit must not exceed {max}");
    }

    static void Write(Utf8JsonWriter json, CardinalityReport report)
    {
        var (statistics, limits) = (report.Statistics, report.Limits);
        json.WriteStartObject();
        json.WriteNumber("series"u8, statistics.Head.Series);
        json.WriteNumber("labelPairs"u8, statistics.Head.LabelPairs);
        json.WriteNumber("chunks"u8, statistics.Head.Chunks);
        json.WriteNumber("minTime"u8, statistics.Head.MinTimeMs);
        json.WriteNumber("maxTime"u8, statistics.Head.MaxTimeMs);
        json.WriteStartObject("limits"u8);
        json.WriteNumber("series"u8, limits.Series);
        json.WriteNumber("seriesPerJob"u8, limits.SeriesPerJob);
        json.WriteNumber("seriesPerMetric"u8, limits.SeriesPerMetric);
        json.WriteNumber("valuesPerLabel"u8, limits.ValuesPerLabel);
        json.WriteEndObject();
        WriteLimited(json, "metrics", statistics.SeriesCountByMetricName, limits, SeriesLimit.Metric);
        WriteLimited(json, "jobs", statistics.SeriesCountByJob, limits, SeriesLimit.Job);
        WriteTargets(json, report);
        WriteLabels(json, statistics, limits);
        WritePairs(json, statistics);
        WriteRefused(json, report.Refused);
        json.WriteEndObject();
    }

    static void WriteLimited(Utf8JsonWriter json, string list, IReadOnlyList<NamedCount> counts, SeriesLimits limits, SeriesLimit kind)
    {
        json.WriteStartArray(list);
        foreach (var count in counts)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, count.Name);
            json.WriteNumber("series"u8, count.Value);
            WriteLimit(json, limits.Of(kind, count.Name));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteTargets(Utf8JsonWriter json, CardinalityReport report)
    {
        json.WriteStartArray("targets"u8);
        foreach (var (target, series) in report.Targets)
        {
            json.WriteStartObject();
            json.WriteString("job"u8, target.Job);
            json.WriteString("instance"u8, target.Instance);
            json.WriteNumber("series"u8, series);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteLabels(Utf8JsonWriter json, StoreStatistics statistics, SeriesLimits limits)
    {
        json.WriteStartArray("labels"u8);
        foreach (var count in statistics.LabelValueCountByLabelName)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, count.Name);
            json.WriteNumber("values"u8, count.Value);
            WriteLimit(json, limits.Of(SeriesLimit.Label, count.Name));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("labelBytes"u8);
        foreach (var count in statistics.MemoryInBytesByLabelName)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, count.Name);
            json.WriteNumber("bytes"u8, count.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WritePairs(Utf8JsonWriter json, StoreStatistics statistics)
    {
        json.WriteStartArray("pairs"u8);
        foreach (var count in statistics.SeriesCountByLabelValuePair)
        {
            int equals = count.Name.IndexOf('=', StringComparison.Ordinal);
            json.WriteStartObject();
            json.WriteString("name"u8, count.Name.AsSpan(0, equals));
            json.WriteString("value"u8, count.Name.AsSpan(equals + 1));
            json.WriteNumber("series"u8, count.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteRefused(Utf8JsonWriter json, IReadOnlyList<RefusedSeries> refused)
    {
        json.WriteStartArray("refused"u8);
        foreach (var one in refused)
        {
            json.WriteStartObject();
            json.WriteString("limit"u8, one.Limit.ToString().ToLowerInvariant());
            json.WriteString("culprit"u8, one.Culprit);
            json.WriteNumber("max"u8, one.Max);
            json.WriteNumber("series"u8, one.Series);
            json.WriteNumber("attempts"u8, one.Attempts);
            json.WriteString("since"u8, JsonApi.FormatTime(one.Since));
            json.WriteString("last"u8, JsonApi.FormatTime(one.Last));
            json.WriteString("example"u8, one.Example);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>0 for none.</summary>
    static void WriteLimit(Utf8JsonWriter json, long max) => json.WriteNumber("limit"u8, max == long.MaxValue ? 0 : max);
}
