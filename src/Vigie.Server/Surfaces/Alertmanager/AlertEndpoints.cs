namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>/api/v2/alerts and /api/v2/alerts/groups.</summary>
sealed class AlertEndpoints(AlertmanagerServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapResource("/api/v2/alerts", ("POST", PostAsync), ("GET", ListAsync));
        routes.MapResource("/api/v2/alerts/groups", ("GET", ListGroupsAsync));
        routes.MapUnknown("/api/v2");
    }

    Task ListAsync(HttpContext http)
    {
        var alerts = services.Alertmanager.Alerts(AlertQuery.ReadFilter(http.Request.Query, withMuted: false));
        return Version2Routes.AnswerAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var alert in alerts) AlertJson.Write(json, alert);
            json.WriteEndArray();
        });
    }

    Task ListGroupsAsync(HttpContext http)
    {
        var groups = services.Alertmanager.Groups(AlertQuery.ReadFilter(http.Request.Query, withMuted: true));
        return Version2Routes.AnswerAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var group in groups) AlertJson.Write(json, group);
            json.WriteEndArray();
        });
    }

    /// <summary>Valid alerts are taken even if others of the same request are not.</summary>
    async Task PostAsync(HttpContext http)
    {
        using var body = await Version2Routes.ReadBodyAsync(http, "alerts");
        var problems = new List<string>();
        foreach (var alert in AlertReading.Read(body.RootElement))
            if (services.Alertmanager.Receive(alert) is { } problem) problems.Add(problem);
        if (problems.Count > 0) throw Version2Exception.BadRequest(string.Join("; ", problems));
    }
}
