using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// The records of the state log: one JSON object each, with a single key that names its kind (docs/formats/alerting-state.md). A record
/// replaces the earlier one of the same alert, silence or notification; unknown kinds and keys are skipped, so that older versions can read
/// newer logs.
/// </summary>
static class StateRecords
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static void Write(IBufferWriter<byte> output, ActiveAlert alert) => Write(output, "alert", json =>
    {
        Write(json, "labels", alert.Labels);
        Write(json, "annotations", alert.Annotations);
        Write(json, "startsAt", alert.StartsAt);
        Write(json, "endsAt", alert.EndsAt);
        json.WriteBoolean("timeout", alert.EndsByTimeout);
        Write(json, "updatedAt", alert.UpdatedAt);
        json.WriteString("generatorURL", alert.GeneratorUrl);
    });

    public static void Write(IBufferWriter<byte> output, Silence silence) => Write(output, "silence", json =>
    {
        json.WriteString("id", silence.Id);
        json.WriteStartArray("matchers");
        foreach (var matcher in silence.Matchers)
        {
            json.WriteStartArray();
            json.WriteStringValue(matcher.Name);
            json.WriteStringValue(LabelMatcher.OperatorText(matcher.Type));
            json.WriteStringValue(matcher.Value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        Write(json, "startsAt", silence.StartsAt);
        Write(json, "endsAt", silence.EndsAt);
        Write(json, "updatedAt", silence.UpdatedAt);
        json.WriteString("createdBy", silence.CreatedBy);
        json.WriteString("comment", silence.Comment);
        Write(json, "annotations", silence.Annotations);
    });

    public static void Write(IBufferWriter<byte> output, NotificationLogEntry entry) => Write(output, "notification", json =>
    {
        json.WriteString("group", entry.Key.GroupKey);
        json.WriteString("integration", entry.Key.Integration);
        Write(json, "firing", entry.Firing);
        Write(json, "resolved", entry.Resolved);
        Write(json, "at", entry.At);
        Write(json, "expiresAt", entry.ExpiresAt);
    });

    /// <returns>An <see cref="ActiveAlert"/>, <see cref="Silence"/> or <see cref="NotificationLogEntry"/>; null for an unknown kind.</returns>
    /// <exception cref="FormatException">The record does not have the form it should.</exception>
    public static object? Read(ReadOnlySpan<byte> record)
    {
        try
        {
            using var document = JsonDocument.Parse(record.ToArray());
            var property = document.RootElement.EnumerateObject().First();
            var value = property.Value;
            return property.Name switch
            {
                "alert" => new ActiveAlert(
                    Labels(value, "labels"), Labels(value, "annotations"), Time(value, "startsAt"), Time(value, "endsAt"),
                    value.GetProperty("timeout").GetBoolean(), Time(value, "updatedAt"), Text(value, "generatorURL")),
                "silence" => ReadSilence(value),
                "notification" => new NotificationLogEntry(
                    new NotificationLogKey(Text(value, "group"), Text(value, "integration")), Hashes(value, "firing"), Hashes(value, "resolved"),
                    Time(value, "at"), Time(value, "expiresAt")),
                _ => null,
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException(problem.Message, problem);
        }
    }

    static Silence ReadSilence(JsonElement value)
    {
        var matchers = value.GetProperty("matchers").EnumerateArray().Select(static matcher => new LabelMatcher(
            matcher[1].GetString() switch { "=" => MatchType.Equal, "!=" => MatchType.NotEqual, "=~" => MatchType.Regex, _ => MatchType.NotRegex },
            matcher[0].GetString()!, matcher[2].GetString()!));
        return new Silence(
            Text(value, "id"), [.. matchers], Time(value, "startsAt"), Time(value, "endsAt"), Time(value, "updatedAt"), Text(value, "createdBy"),
            Text(value, "comment"))
        {
            Annotations = value.GetProperty("annotations").EnumerateObject().ToDictionary(static pair => pair.Name, static pair => pair.Value.GetString()!),
        };
    }

    static void Write(IBufferWriter<byte> output, string kind, Action<Utf8JsonWriter> body)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartObject(kind);
        body(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, Labels labels)
    {
        json.WriteStartObject(name);
        foreach (var pair in labels) json.WriteString(pair.Name, pair.Value);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> pairs)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in pairs) json.WriteString(key, value);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));

    static void Write(Utf8JsonWriter json, string name, IReadOnlySet<ulong> hashes)
    {
        json.WriteStartArray(name);
        foreach (ulong hash in hashes) json.WriteStringValue(AlertFingerprint.Format(hash));
        json.WriteEndArray();
    }

    static string Text(JsonElement value, string name) => value.GetProperty(name).GetString()!;

    static DateTimeOffset Time(JsonElement value, string name) =>
        DateTimeOffset.ParseExact(Text(value, name), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static Labels Labels(JsonElement value, string name) =>
        Model.Labels.From(value.GetProperty(name).EnumerateObject().Select(static pair => KeyValuePair.Create(pair.Name, pair.Value.GetString()!)));

    static HashSet<ulong> Hashes(JsonElement value, string name) =>
        [.. value.GetProperty(name).EnumerateArray().Select(static hash => ulong.Parse(hash.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
}
