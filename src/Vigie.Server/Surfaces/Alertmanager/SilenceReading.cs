using System.Text.Json;
using Vigie.Alerting;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>Silences in request bodies.</summary>
static class SilenceReading
{
    /// <summary>Checks what the description of the API demands, in its order.</summary>
    /// <exception cref="Version2Exception">The body is not a silence.</exception>
    public static Silence Read(JsonElement body, DateTimeOffset now)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw Version2Exception.Unreadable("silence",
                $"json: cannot unmarshal {AlertReading.GoKind(body)} into Go value of type models.Silence");
        string id = AlertReading.ReadText(body, "id", ".id", "silence");
        foreach (string name in (ReadOnlySpan<string>)["comment", "createdBy", "endsAt", "matchers", "startsAt"])
            if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) throw Version2Exception.Required(name);
        string comment = AlertReading.ReadText(body, "comment", "Silence.comment", "silence");
        string createdBy = AlertReading.ReadText(body, "createdBy", "Silence.createdBy", "silence");
        var starts = AlertReading.ReadTime(body, "startsAt", "silence") ?? now;
        var ends = AlertReading.ReadTime(body, "endsAt", "silence") ?? default;
        var matchers = ReadMatchers(body.GetProperty("matchers"));
        return new Silence(id, matchers, starts, ends, now, createdBy, comment) { Annotations = ReadAnnotations(body) };
    }

    static List<LabelMatcher> ReadMatchers(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Version2Exception.Unreadable("silence",
                $"json: cannot unmarshal {AlertReading.GoKind(list)} into Go struct field Silence.matchers of type models.Matchers");
        if (list.GetArrayLength() == 0) throw Version2Exception.Invalid(612, "matchers in body should have at least 1 items");
        var matchers = new List<LabelMatcher>(list.GetArrayLength());
        int index = 0;
        foreach (var item in list.EnumerateArray()) matchers.Add(ReadMatcher(item, index++));
        return matchers;
    }

    static LabelMatcher ReadMatcher(JsonElement item, int index)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw Version2Exception.Unreadable("silence",
                $"json: cannot unmarshal {AlertReading.GoKind(item)} into Go value of type models.Matcher");
        foreach (string key in (ReadOnlySpan<string>)["isRegex", "name", "value"])
            if (!item.TryGetProperty(key, out var given) || given.ValueKind == JsonValueKind.Null)
                throw Version2Exception.Required($"matchers.{index}.{key}");
        bool isRegex = ReadBool(item, "isRegex", false), isEqual = ReadBool(item, "isEqual", true);
        string name = AlertReading.ReadText(item, "name", "Matcher.name", "silence");
        string value = AlertReading.ReadText(item, "value", "Matcher.value", "silence");
        var type = (isRegex, isEqual) switch
        {
            (false, true) => MatchType.Equal,
            (false, false) => MatchType.NotEqual,
            (true, true) => MatchType.Regex,
            _ => MatchType.NotRegex,
        };
        try
        {
            if (isRegex) AnchoredRegex.Parse(value);
            return AlertMatchers.Create(type, name, value);
        }
        catch (FormatException problem)
        {
            throw Version2Exception.BadRequest(
                $"invalid silence: invalid label matcher {index} in set 0: invalid regular expression {GoText.Quote(value)}: {problem.Message}");
        }
    }

    static bool ReadBool(JsonElement item, string name, bool otherwise)
    {
        if (!item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return otherwise;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Version2Exception.Unreadable("silence",
                $"json: cannot unmarshal {AlertReading.GoKind(value)} into Go struct field Matcher.{name} of type bool");
    }

    static Dictionary<string, string> ReadAnnotations(JsonElement body)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!body.TryGetProperty("annotations", out var map) || map.ValueKind != JsonValueKind.Object) return annotations;
        foreach (var entry in map.EnumerateObject())
            annotations[entry.Name] = AlertReading.ReadText(map, entry.Name, $"Silence.annotations.{entry.Name}", "silence");
        return annotations;
    }
}
