using Vigie.Metrics;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// /api/v1/admin/tsdb/*: off unless --web.enable-admin-api is given, as upstream; and /api/vigie/v1/delete_series, the same delete with a receipt.
/// </summary>
sealed class AdminEndpoints(PrometheusServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/admin/tsdb/delete_series", Methods.PostPut, DeleteAsync);
        routes.MapApi("/api/vigie/v1/delete_series", Methods.PostPut, DeleteWithReceiptAsync);
        routes.MapApi("/api/v1/admin/tsdb/clean_tombstones", Methods.PostPut, CleanAsync);
        routes.MapApi("/api/v1/admin/tsdb/snapshot", Methods.PostPut, SnapshotAsync);
    }

    async Task DeleteAsync(HttpContext http)
    {
        await RunDeleteAsync(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    async Task DeleteWithReceiptAsync(HttpContext http)
    {
        var receipt = await RunDeleteAsync(http);
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("series", receipt.Series);
            json.WriteNumber("samples", receipt.Samples);
            json.WriteEndObject();
        });
    }

    async Task<DeletionReceipt> RunDeleteAsync(HttpContext http)
    {
        RequireEnabled();
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string[] texts = parameters.All("match[]");
        if (texts.Length == 0) throw ApiException.BadData("no match[] parameter provided");
        var range = new TimeRange(parameters.TimeMs("start", TimeParameter.EarliestMs), parameters.TimeMs("end", TimeParameter.LatestMs));
        return services.Store.Delete(Selectors.Parse(texts, "match[]"), range, http.RequestAborted);
    }

    Task CleanAsync(HttpContext http)
    {
        RequireEnabled();
        services.Store.CleanTombstones(http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    async Task SnapshotAsync(HttpContext http)
    {
        RequireEnabled();
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string text = parameters.All("skip_head").FirstOrDefault("");
        bool skipHead = false;
        if (text.Length > 0 && !RequestParameters.TryParseBool(text, out skipHead, out string problem))
            throw ApiException.InvalidParameter("skip_head", "unable to parse boolean: " + problem);
        string name = services.Store.Snapshot(skipHead, http.RequestAborted);
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        });
    }

    void RequireEnabled()
    {
        if (!services.Options.EnableAdminApi) throw ApiException.Unavailable("admin APIs disabled");
    }
}
