using System.Globalization;
using System.Text.Json.Nodes;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Template;

/// <summary>Tagged values of the template data (README, Template data).</summary>
static class TemplateData
{
    public static object? Read(JsonNode? node)
    {
        var (tag, value) = node!.AsObject().First();
        return tag switch
        {
            "float" => Float(value!.ToString()),
            "int" => long.Parse(value!.ToString(), CultureInfo.InvariantCulture),
            "uint" => ulong.Parse(value!.ToString(), CultureInfo.InvariantCulture),
            "string" => value!.ToString(),
            "bool" => (bool)value!,
            "list" => value!.AsArray().Select(Read).ToArray(),
            "map" => new TemplateMap(value!.AsObject().Select(pair => KeyValuePair.Create(pair.Key, Read(pair.Value)))),
            "nil" => null,
            _ => throw new InvalidDataException("unknown tag " + tag),
        };
    }

    public static double Float(string text) => GoNumber.TryParse(text, out double value) ? value : throw new InvalidDataException(text);

    public static Labels Labels(JsonNode? node) =>
        node is null ? Model.Labels.Empty : Model.Labels.From(node.AsObject().Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.ToString())));
}
