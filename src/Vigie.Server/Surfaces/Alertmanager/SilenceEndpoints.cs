using Vigie.Alerting;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>/api/v2/silences and /api/v2/silence/{id}.</summary>
sealed class SilenceEndpoints(AlertmanagerServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapResource("/api/v2/silences", ("POST", PostAsync), ("GET", ListAsync));
        routes.MapResource("/api/v2/silence/{id}", ("GET", GetAsync), ("DELETE", DeleteAsync));
    }

    Task ListAsync(HttpContext http)
    {
        var silences = services.Alertmanager.Silences(AlertQuery.ReadMatchers(http.Request.Query, "filter"));
        return Version2Routes.AnswerAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var silence in silences) AlertJson.Write(json, silence);
            json.WriteEndArray();
        });
    }

    Task GetAsync(HttpContext http)
    {
        if (services.Alertmanager.FindSilence(IdOf(http)) is { } silence)
            return Version2Routes.AnswerAsync(http, json => AlertJson.Write(json, silence));
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    Task DeleteAsync(HttpContext http)
    {
        if (!services.Alertmanager.ExpireSilence(IdOf(http))) http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    async Task PostAsync(HttpContext http)
    {
        using var body = await Version2Routes.ReadBodyAsync(http, "silence");
        string id = Set(SilenceReading.Read(body.RootElement, services.Clock.GetUtcNow()));
        await Version2Routes.AnswerAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("silenceID"u8, id);
            json.WriteEndObject();
        });
    }

    /// <exception cref="Version2Exception">The silence is refused.</exception>
    public string Set(Silence silence)
    {
        if (silence.StartsAt >= silence.EndsAt)
            throw Version2Exception.BadRequest("Failed to create silence: start time must be before end time");
        if (silence.EndsAt < services.Clock.GetUtcNow())
            throw Version2Exception.BadRequest("Failed to create silence: end time can't be in the past");
        try
        {
            return services.Alertmanager.SetSilence(silence);
        }
        catch (SilenceException problem)
        {
            throw problem.IsUnknownId ? Version2Exception.NotFound(problem.Message) : Version2Exception.BadRequest(problem.Message);
        }
        catch (StoreUnavailableException problem)
        {
            throw Version2Exception.Failed(problem.Message);
        }
    }

    static string IdOf(HttpContext http)
    {
        string id = (string?)http.Request.RouteValues["id"] ?? "";
        return Guid.TryParseExact(id, "D", out _) ? id.ToLowerInvariant()
            : throw Version2Exception.Invalid(601, $"silenceID in path must be of type uuid: {GoText.Quote(id)}");
    }
}
