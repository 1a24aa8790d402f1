using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>
/// One value of a JSON text together with where it stands, so that a problem can name line and column. Comments and trailing commas are
/// accepted; of two members with one name the last counts, as in Go's encoding/json, which Grafana reads with.
/// </summary>
sealed class JsonSource
{
    const int DepthMax = 128;

    readonly List<JsonSource>? _items;
    readonly Dictionary<string, JsonSource>? _members;

    JsonSource(JsonValueKind kind, int offset, string path, string text = "", List<JsonSource>? items = null,
        Dictionary<string, JsonSource>? members = null) =>
        (Kind, Offset, Path, Text, _items, _members) = (kind, offset, path, text, items, members);

    public JsonValueKind Kind { get; }

    /// <summary>Bytes from the start of the UTF-8 text.</summary>
    public int Offset { get; }

    /// <summary>Such as <c>panels[2].gridPos.w</c>; empty for the whole text.</summary>
    public string Path { get; }

    /// <summary>A string's value, or a number as written; otherwise empty.</summary>
    public string Text { get; }

    public bool IsObject => Kind == JsonValueKind.Object;
    public bool IsArray => Kind == JsonValueKind.Array;

    /// <summary>An array's values; empty for anything else.</summary>
    public IReadOnlyList<JsonSource> Items => _items ?? [];

    /// <summary>An object's members in the order of the text; empty for anything else.</summary>
    public IEnumerable<KeyValuePair<string, JsonSource>> Members => _members ?? [];

    /// <summary>The member called <paramref name="name"/>, or null if there is none or it is <c>null</c>.</summary>
    public JsonSource? this[string name] =>
        _members is not null && _members.TryGetValue(name, out var value) && value.Kind != JsonValueKind.Null ? value : null;

    /// <exception cref="JsonException">The text is not JSON; carries line and position.</exception>
    public static JsonSource Parse(ReadOnlySpan<byte> utf8)
    {
        var bom = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(utf8[bom..], new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = DepthMax,
        });
        reader.Read();
        var value = Read(ref reader, "", bom);
        while (reader.Read()) { }               // Anything after the value is an error that the reader reports.
        return value;
    }

    /// <summary>The number this holds, also when it is written as a string (old dashboards write <c>"min": "0"</c>, <c>"height": "250px"</c>).</summary>
    public double? AsNumber()
    {
        var text = Kind switch
        {
            JsonValueKind.Number => Text,
            JsonValueKind.String => Text.Trim().EndsWith("px", StringComparison.OrdinalIgnoreCase) ? Text.Trim()[..^2] : Text,
            _ => "",
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The text of a string, number or boolean; null for null, arrays and objects.</summary>
    public string? AsText() => Kind switch
    {
        JsonValueKind.String or JsonValueKind.Number => Text,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public bool AsFlag(bool otherwise = false) => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };

    /// <summary>A free copy of the value, for what is kept as it was written.</summary>
    public JsonNode? ToNode()
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var (name, value) in Members) copy[name] = value.ToNode();
                return copy;
            case JsonValueKind.Array: return new JsonArray([.. Items.Select(item => item.ToNode())]);
            case JsonValueKind.String: return JsonValue.Create(Text);
            case JsonValueKind.Number: return JsonNode.Parse(Text);
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            default: return null;
        }
    }

    /// <summary>How the value looks in a message: short, on one line.</summary>
    public string Describe() => Kind switch
    {
        JsonValueKind.String => "\"" + (Text.Length > 40 ? Text[..40] + "…" : Text) + "\"",
        JsonValueKind.Number => Text,
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    static JsonSource Read(ref Utf8JsonReader reader, string path, int bom)
    {
        var offset = bom + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, JsonSource>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members[name] = Read(ref reader, path.Length == 0 ? name : path + "." + name, bom);
                }
                return new(JsonValueKind.Object, offset, path, members: members);
            case JsonTokenType.StartArray:
                var items = new List<JsonSource>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), bom));
                return new(JsonValueKind.Array, offset, path, items: items);
            case JsonTokenType.String: return new(JsonValueKind.String, offset, path, reader.GetString()!);
            case JsonTokenType.Number: return new(JsonValueKind.Number, offset, path, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True: return new(JsonValueKind.True, offset, path);
            case JsonTokenType.False: return new(JsonValueKind.False, offset, path);
            default: return new(JsonValueKind.Null, offset, path);
        }
    }
}
