using System.Text.Json;
using Vigie.Alerting;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>
/// API version 1, which upstream removed in 0.27: alerts, silences, receivers and status in the envelope
/// <c>{"status":"success","data":…}</c>.
/// </summary>
sealed class Version1Endpoints(AlertmanagerServices services)
{
    readonly SilenceEndpoints _silences = new(services);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/alerts", ["GET"], Guard(ListAlertsAsync));
        routes.MapApi("/api/v1/alerts", ["POST"], Guard(PostAlertsAsync));
        routes.MapApi("/api/v1/silences", ["GET"], Guard(ListSilencesAsync));
        routes.MapApi("/api/v1/silences", ["POST"], Guard(PostSilenceAsync));
        routes.MapApi("/api/v1/silence/{id}", ["GET"], Guard(GetSilenceAsync));
        routes.MapApi("/api/v1/silence/{id}", ["DELETE"], Guard(DeleteSilenceAsync));
        routes.MapApi("/api/v1/receivers", ["GET"], Guard(ReceiversAsync));
        routes.MapApi("/api/v1/status", ["GET"], Guard(StatusAsync));
    }

    /// <summary>Refusals in the words of version 2, in the envelope of version 1.</summary>
    static Func<HttpContext, Task> Guard(Func<HttpContext, Task> handle) => async http =>
    {
        try
        {
            await handle(http);
        }
        catch (Version2Exception problem)
        {
            throw problem.StatusCode switch
            {
                StatusCodes.Status404NotFound => ApiException.NotFound(problem.Message),
                StatusCodes.Status500InternalServerError => ApiException.Internal(problem.Message),
                _ => ApiException.BadData(problem.Message),
            };
        }
    };

    Task ListAlertsAsync(HttpContext http)
    {
        var alerts = services.Alertmanager.Alerts(AlertQuery.ReadFilter(http.Request.Query, withMuted: false));
        return JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var alert in alerts) Write(json, alert);
            json.WriteEndArray();
        });
    }

    async Task PostAlertsAsync(HttpContext http)
    {
        using var body = await ReadBodyAsync(http, "alerts");
        var problems = new List<string>();
        foreach (var alert in AlertReading.Read(body.RootElement))
            if (services.Alertmanager.Receive(alert) is { } problem) problems.Add(problem);
        if (problems.Count > 0) throw ApiException.BadData(string.Join("; ", problems));
        await JsonApi.SucceedAsync(http, static json => json.WriteNullValue());
    }

    Task ListSilencesAsync(HttpContext http)
    {
        var silences = services.Alertmanager.Silences(AlertQuery.ReadMatchers(http.Request.Query, "filter"));
        return JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var silence in silences) Write(json, silence);
            json.WriteEndArray();
        });
    }

    async Task PostSilenceAsync(HttpContext http)
    {
        using var body = await ReadBodyAsync(http, "silence");
        string id = _silences.Set(SilenceReading.Read(body.RootElement, services.Clock.GetUtcNow()));
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("silenceId"u8, id);
            json.WriteEndObject();
        });
    }

    Task GetSilenceAsync(HttpContext http)
    {
        var silence = services.Alertmanager.FindSilence(IdOf(http)) ?? throw ApiException.NotFound("silence not found");
        return JsonApi.SucceedAsync(http, json => Write(json, silence));
    }

    Task DeleteSilenceAsync(HttpContext http) => services.Alertmanager.ExpireSilence(IdOf(http))
        ? JsonApi.SucceedAsync(http, static json => json.WriteNullValue())
        : throw ApiException.NotFound("silence not found");

    Task ReceiversAsync(HttpContext http) =>
        JsonApi.SucceedAsync(http, json => JsonApi.WriteStrings(json, services.Alertmanager.Receivers.Select(static r => r.Name)));

    Task StatusAsync(HttpContext http) => JsonApi.SucceedAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("configYAML"u8, services.Alertmanager.Config.EffectiveYaml);
        json.WritePropertyName("versionInfo"u8);
        StatusEndpoints.WriteVersion(json);
        json.WriteString("uptime"u8, JsonApi.FormatTime(services.Alertmanager.StartedAt));
        json.WriteNull("clusterStatus"u8);
        json.WriteEndObject();
    });

    static string IdOf(HttpContext http) => ((string?)http.Request.RouteValues["id"] ?? "").ToLowerInvariant();

    /// <summary>Version 1 did not look at the type of a body.</summary>
    static async Task<JsonDocument> ReadBodyAsync(HttpContext http, string name)
    {
        byte[] body = await Version2Routes.ReadBytesAsync(http);
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw Version2Exception.Unreadable(name, GoJsonProblem.Of(body));
        }
    }

    static void Write(Utf8JsonWriter json, AlertView alert)
    {
        json.WriteStartObject();
        json.WritePropertyName("labels"u8);
        JsonApi.WriteLabels(json, alert.Labels);
        json.WritePropertyName("annotations"u8);
        JsonApi.WriteLabels(json, alert.Annotations);
        json.WriteString("startsAt"u8, JsonApi.FormatTime(alert.StartsAt));
        json.WriteString("endsAt"u8, JsonApi.FormatTime(alert.EndsAt));
        json.WriteString("generatorURL"u8, alert.GeneratorUrl);
        json.WriteStartObject("status"u8);
        json.WriteString("state"u8, alert.State);
        AlertJson.WriteIds(json, "silencedBy", alert.SilencedBy);
        AlertJson.WriteIds(json, "inhibitedBy", alert.InhibitedBy);
        json.WriteEndObject();
        AlertJson.WriteIds(json, "receivers", alert.Receivers);
        json.WriteString("fingerprint"u8, alert.Fingerprint);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, SilenceView view)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, view.Silence.Id);
        json.WriteStartArray("matchers"u8);
        foreach (var matcher in view.Silence.Matchers) AlertJson.Write(json, matcher);
        json.WriteEndArray();
        json.WriteString("startsAt"u8, JsonApi.FormatTime(view.Silence.StartsAt));
        json.WriteString("endsAt"u8, JsonApi.FormatTime(view.Silence.EndsAt));
        json.WriteString("updatedAt"u8, JsonApi.FormatTime(view.Silence.UpdatedAt));
        json.WriteString("createdBy"u8, view.Silence.CreatedBy);
        json.WriteString("comment"u8, view.Silence.Comment);
        json.WriteStartObject("status"u8);
        json.WriteString("state"u8, AlertJson.StateText(view.State));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
