using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/admin/tsdb/*: off unless --web.enable-admin-api is given, as upstream.</summary>
sealed class AdminEndpoints(PrometheusServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/admin/tsdb/delete_series", Methods.PostPut, DeleteAsync);
        routes.MapApi("/api/v1/admin/tsdb/clean_tombstones", Methods.PostPut, CleanAsync);
        routes.MapApi("/api/v1/admin/tsdb/snapshot", Methods.PostPut, _ =>
        {
            RequireEnabled();
            throw ApiException.Unavailable("snapshots are not available in this version");
        });
    }

    async Task DeleteAsync(HttpContext http)
    {
        RequireEnabled();
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        string[] texts = parameters.All("match[]");
        if (texts.Length == 0) throw ApiException.BadData("no match[] parameter provided");
        var range = new TimeRange(parameters.TimeMs("start", TimeParameter.EarliestMs), parameters.TimeMs("end", TimeParameter.LatestMs));
        services.Store.Delete(Selectors.Parse(texts, "match[]"), range, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    Task CleanAsync(HttpContext http)
    {
        RequireEnabled();
        services.Store.CleanTombstones(http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    void RequireEnabled()
    {
        if (!services.Options.EnableAdminApi) throw ApiException.Unavailable("admin APIs disabled");
    }
}
