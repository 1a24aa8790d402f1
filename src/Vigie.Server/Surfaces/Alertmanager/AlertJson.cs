using System.Globalization;
using System.Text.Json;
using Vigie.Alerting;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>Alerts, silences and their parts in answers of API version 2.</summary>
static class AlertJson
{
    /// <summary>UTC with milliseconds, as the generated layer prints times.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter json, AlertView alert)
    {
        json.WriteStartObject();
        json.WritePropertyName("annotations"u8);
        JsonApi.WriteLabels(json, alert.Annotations);
        json.WriteString("endsAt"u8, Time(alert.EndsAt));
        json.WriteString("fingerprint"u8, alert.Fingerprint);
        json.WriteStartArray("receivers"u8);
        foreach (string receiver in alert.Receivers) WriteName(json, receiver);
        json.WriteEndArray();
        json.WriteString("startsAt"u8, Time(alert.StartsAt));
        json.WriteStartObject("status"u8);
        WriteIds(json, "inhibitedBy", alert.InhibitedBy);
        WriteIds(json, "mutedBy", alert.MutedBy);
        WriteIds(json, "silencedBy", alert.SilencedBy);
        json.WriteString("state"u8, alert.State);
        json.WriteEndObject();
        json.WriteString("updatedAt"u8, Time(alert.UpdatedAt));
        if (alert.GeneratorUrl.Length > 0) json.WriteString("generatorURL"u8, alert.GeneratorUrl);
        json.WritePropertyName("labels"u8);
        JsonApi.WriteLabels(json, alert.Labels);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AlertGroupView group)
    {
        json.WriteStartObject();
        json.WriteStartArray("alerts"u8);
        foreach (var alert in group.Alerts) Write(json, alert);
        json.WriteEndArray();
        json.WritePropertyName("labels"u8);
        JsonApi.WriteLabels(json, group.Labels);
        json.WritePropertyName("receiver"u8);
        WriteName(json, group.Receiver);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, SilenceView view)
    {
        var silence = view.Silence;
        json.WriteStartObject();
        json.WriteString("id"u8, silence.Id);
        json.WriteStartObject("status"u8);
        json.WriteString("state"u8, StateText(view.State));
        json.WriteEndObject();
        json.WriteString("updatedAt"u8, Time(silence.UpdatedAt));
        if (silence.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations"u8);
            foreach (var (name, value) in silence.Annotations) json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteString("comment"u8, silence.Comment);
        json.WriteString("createdBy"u8, silence.CreatedBy);
        json.WriteString("endsAt"u8, Time(silence.EndsAt));
        json.WriteStartArray("matchers"u8);
        foreach (var matcher in silence.Matchers) Write(json, matcher);
        json.WriteEndArray();
        json.WriteString("startsAt"u8, Time(silence.StartsAt));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, LabelMatcher matcher)
    {
        json.WriteStartObject();
        json.WriteBoolean("isEqual"u8, matcher.Type is MatchType.Equal or MatchType.Regex);
        json.WriteBoolean("isRegex"u8, matcher.Type is MatchType.Regex or MatchType.NotRegex);
        json.WriteString("name"u8, matcher.Name);
        json.WriteString("value"u8, matcher.Value);
        json.WriteEndObject();
    }

    public static string StateText(SilenceState state) => state switch
    {
        SilenceState.Active => "active",
        SilenceState.Pending => "pending",
        _ => "expired",
    };

    public static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<string> ids)
    {
        json.WritePropertyName(name);
        JsonApi.WriteStrings(json, ids);
    }

    static void WriteName(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }
}
