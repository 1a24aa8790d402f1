using System.Text.Json;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Prometheus;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>/api/v2/status and /api/v2/receivers.</summary>
sealed class StatusEndpoints(AlertmanagerServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapResource("/api/v2/status", ("GET", StatusAsync));
        routes.MapResource("/api/v2/receivers", ("GET", ReceiversAsync));
    }

    Task StatusAsync(HttpContext http) => Version2Routes.AnswerAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("cluster"u8);
        json.WriteStartArray("peers"u8);
        json.WriteEndArray();
        json.WriteString("status"u8, "disabled"u8);
        json.WriteEndObject();
        json.WriteStartObject("config"u8);
        json.WriteString("original"u8, services.Alertmanager.Config.EffectiveYaml);
        json.WriteEndObject();
        json.WriteString("uptime"u8, AlertJson.Time(services.Alertmanager.StartedAt));
        json.WritePropertyName("versionInfo"u8);
        WriteVersion(json);
        json.WriteEndObject();
    });

    Task ReceiversAsync(HttpContext http)
    {
        var matchers = AlertQuery.ReadMatchers(http.Request.Query, "receiver_matchers");
        var receivers = services.Alertmanager.Receivers.Where(r => matchers.All(m => m.Matches(r.Labels)));
        return Version2Routes.AnswerAsync(http, json =>
        {
            json.WriteStartArray();
            foreach (var receiver in receivers)
            {
                json.WriteStartObject();
                json.WritePropertyName("labels"u8);
                JsonApi.WriteLabels(json, receiver.Labels);
                json.WriteString("name"u8, receiver.Name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    public static void WriteVersion(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("branch"u8, "vigie"u8);
        json.WriteString("buildDate"u8, ""u8);
        json.WriteString("buildUser"u8, ""u8);
        json.WriteString("goVersion"u8, ""u8);
        json.WriteString("revision"u8, ServerVersion.Vigie);
        json.WriteString("version"u8, ServerVersion.AlertmanagerApi);
        json.WriteEndObject();
    }
}
