using System.Text.Json;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>Target groups as HTTP servers give them: <c>[{"targets": ["host:9100"], "labels": {"env": "prod"}}]</c>.</summary>
static class TargetGroupJson
{
    /// <param name="source">The URL.</param>
    /// <param name="sourceLabel">Label of the groups that names <paramref name="source"/>.</param>
    /// <exception cref="FormatException">Not a list of groups.</exception>
    public static IReadOnlyList<TargetGroup> Parse(string source, string text, string sourceLabel)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array) throw Problem(source, root, "a list of target groups");
            var groups = new List<TargetGroup>();
            foreach (var element in root.EnumerateArray()) groups.Add(ReadGroup(source, element, sourceLabel, groups.Count));
            return groups;
        }
        catch (JsonException problem)
        {
            throw new FormatException($"{source}:{problem.LineNumber + 1}: not valid JSON", problem);
        }
    }

    static TargetGroup ReadGroup(string source, JsonElement element, string sourceLabel, int index)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Problem(source, element, "a target group {\"targets\": [...], \"labels\": {...}}");
        var targets = new List<string>();
        var labels = new LabelsBuilder();
        foreach (var property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "targets" when property.Value.ValueKind == JsonValueKind.Array:
                    foreach (var target in property.Value.EnumerateArray())
                        targets.Add(target.ValueKind == JsonValueKind.String ? target.GetString()!
                            : throw Problem(source, target, "host:port"));
                    break;
                case "labels" when property.Value.ValueKind == JsonValueKind.Object:
                    foreach (var label in property.Value.EnumerateObject())
                        labels.Set(label.Name, label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()!
                            : label.Value.ToString());
                    break;
                case "targets" or "labels":
                    throw Problem(source, property.Value, property.Name == "targets" ? "a list of host:port"
                        : "a map of label names to values");
                default:
                    throw new FormatException($"{source}: group {index}: found {GoText.Quote(property.Name)}, expected targets or labels");
            }
        }
        labels.Set(sourceLabel, source);
        return new TargetGroup(targets, labels.Build(), $"{source}:{index}");
    }

    static FormatException Problem(string source, JsonElement found, string expected) =>
        new($"{source}: found {found.ValueKind.ToString().ToLowerInvariant()}, expected {expected}");
}
