using System.Globalization;
using System.Text.Json;
using Vigie.Alerting;
using Vigie.Model;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>Alerts in request bodies.</summary>
static class AlertReading
{
    /// <exception cref="Version2Exception">The body is not a list of alerts.</exception>
    public static IReadOnlyList<ReceivedAlert> Read(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Null) throw Version2Exception.Required("alerts");
        if (body.ValueKind != JsonValueKind.Array)
            throw Version2Exception.Unreadable("alerts",
                $"json: cannot unmarshal {GoKind(body)} into Go value of type models.PostableAlerts");
        var alerts = new List<ReceivedAlert>(body.GetArrayLength());
        int index = 0;
        foreach (var item in body.EnumerateArray()) alerts.Add(ReadOne(item, index++));
        return alerts;
    }

    static ReceivedAlert ReadOne(JsonElement item, int index)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw Version2Exception.Unreadable("alerts", $"json: cannot unmarshal {GoKind(item)} into Go value of type models.Alert");
        var annotations = ReadLabels(item, "annotations", ".annotations");
        var labels = ReadLabels(item, "labels", "Alert.labels");
        var starts = ReadTime(item, "startsAt", "alerts");
        var ends = ReadTime(item, "endsAt", "alerts");
        string generator = ReadText(item, "generatorURL", "Alert.generatorURL", "alerts");
        if (generator.Length > 0 && !IsUri(generator))
            throw Version2Exception.Invalid(601, $"{index}.generatorURL in body must be of type uri: {GoText.Quote(generator)}");
        if (labels is null) throw Version2Exception.Required($"{index}.labels");
        return new ReceivedAlert(labels, annotations ?? Labels.Empty, starts, ends, generator);
    }

    static Labels? ReadLabels(JsonElement item, string name, string goField)
    {
        if (!item.TryGetProperty(name, out var map) || map.ValueKind == JsonValueKind.Null) return null;
        if (map.ValueKind != JsonValueKind.Object)
            throw Version2Exception.Unreadable("alerts",
                $"json: cannot unmarshal {GoKind(map)} into Go struct field {goField} of type models.LabelSet");
        var labels = new LabelsBuilder();
        foreach (var label in map.EnumerateObject())
        {
            if (label.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                throw Version2Exception.Unreadable("alerts",
                    $"json: cannot unmarshal {GoKind(label.Value)} into Go struct field {goField}.{label.Name} of type string");
            if (label.Name.Length == 0) throw Version2Exception.BadRequest("invalid label set: invalid name \"\"");
            labels.Set(label.Name, label.Value.GetString() ?? "");
        }
        return labels.Build();
    }

    public static string ReadText(JsonElement item, string name, string goField, string body)
    {
        if (!item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return "";
        return value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw Version2Exception.Unreadable(body,
                $"json: cannot unmarshal {GoKind(value)} into Go struct field {goField} of type string");
    }

    /// <summary>An RFC 3339 time; null if it is absent, empty or Go's zero time.</summary>
    public static DateTimeOffset? ReadTime(JsonElement item, string name, string body)
    {
        if (!item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Version2Exception.Unreadable(body, $"json: cannot unmarshal {GoKind(value)} into Go value of type string");
        string text = value.GetString()!;
        if (text.Length == 0) return null;
        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (text.Length < 10 || !char.IsAsciiDigit(text[0])
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Style, out var time))
            throw Version2Exception.Unreadable(body,
                $"parsing time {GoText.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoText.Quote(text)}");
        return time.Year == 1 ? null : time;
    }

    /// <summary>Absolute or rooted, as the generated layer's <c>uri</c> format wants it.</summary>
    static bool IsUri(string text) => text.StartsWith('/') || Uri.TryCreate(text, UriKind.Absolute, out _);

    /// <summary>What Go calls a JSON value in messages.</summary>
    public static string GoKind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };
}
