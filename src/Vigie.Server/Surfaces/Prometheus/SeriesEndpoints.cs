using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/series, labels, label/{name}/values.</summary>
sealed class SeriesEndpoints(PrometheusServices services)
{
    public const string TruncatedWarning = "results truncated due to limit";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/series", Methods.GetPost, SeriesAsync);
        routes.MapApi("/api/v1/series", ["DELETE"], _ => throw ApiException.Internal("not implemented"));
        routes.MapApi("/api/v1/labels", Methods.GetPost, LabelsAsync);
        routes.MapApi("/api/v1/label/{name}/values", Methods.Get, ValuesAsync);
    }

    async Task SeriesAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string[] texts = parameters.All("match[]");
        if (texts.Length == 0) throw ApiException.BadData("no match[] parameter provided");
        int limit = parameters.Limit();
        var range = Range(parameters);
        var sets = Selectors.Parse(texts, "match[]");
        var found = new List<Labels>();
        foreach (var matchers in sets)
        {
            using var series = services.Source.Select(matchers, range, new SelectHints(Function: "series"), http.RequestAborted);
            for (int i = 0; i < series.Count; i++) found.Add(series.LabelsOf(i));
        }
        if (sets.Count > 1) found = [.. found.Distinct().Order()];
        bool truncated = limit > 0 && found.Count > limit;
        await JsonApi.SucceedAsync(http, async response =>
        {
            using var texts = new LabelsJson();
            response.Json.WriteStartArray();
            foreach (var labels in truncated ? found.Take(limit) : found)
            {
                texts.Write(response.Json, labels);
                await response.FlushIfLargeAsync();
            }
            response.Json.WriteEndArray();
        }, truncated ? [TruncatedWarning] : null);
    }

    async Task LabelsAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        await AnswerAsync(http, parameters, services.Store.LabelNames);
    }

    async Task ValuesAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string name = EscapedName.Unescape((string)http.Request.RouteValues["name"]!);
        if (name.Length == 0) throw ApiException.BadData("invalid label name: \"\"");
        await AnswerAsync(http, parameters, (matchers, range, limit, cancellation) => services.Store.LabelValues(name, matchers, range, limit, cancellation));
    }

    delegate IReadOnlyList<string> Lookup(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation);

    static async Task AnswerAsync(HttpContext http, RequestParameters parameters, Lookup lookup)
    {
        int limit = parameters.Limit();
        var range = Range(parameters);
        var sets = Selectors.Parse(parameters.All("match[]"), null);
        // One more than asked for tells whether there were more.
        int wanted = limit > 0 ? limit + 1 : 0;
        IReadOnlyList<string> found = sets.Count switch
        {
            0 => lookup([], range, wanted, http.RequestAborted),
            1 => lookup(sets[0], range, wanted, http.RequestAborted),
            _ => [.. sets.SelectMany(matchers => lookup(matchers, range, wanted, http.RequestAborted)).Distinct()
                .Order(Comparer<string>.Create(Labels.CompareText))],
        };
        bool truncated = limit > 0 && found.Count > limit;
        await JsonApi.SucceedAsync(http, json => JsonApi.WriteStrings(json, truncated ? found.Take(limit) : found),
            truncated ? [TruncatedWarning] : null);
    }

    static TimeRange Range(RequestParameters parameters) =>
        new(parameters.TimeMs("start", TimeParameter.EarliestMs), parameters.TimeMs("end", TimeParameter.LatestMs));
}
