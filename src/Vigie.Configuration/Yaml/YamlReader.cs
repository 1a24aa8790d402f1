using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Vigie.Configuration.Yaml;

/// <summary>
/// Reads one YAML document into a <see cref="ConfigNode"/>. Repeated keys are reported, aliases and merge keys resolved; depth, size and
/// the
/// weight of aliases are bounded, so that a file cannot exhaust memory. Further documents in the text are left alone, as upstream does.
/// </summary>
sealed class YamlReader
{
    /// <summary>Characters of one file.</summary>
    const int TextLengthMax = 32 * 1024 * 1024;

    const int DepthMax = 100;

    /// <summary>Nodes of the document when every alias is written out.</summary>
    const long NodesMax = 2_000_000;

    readonly string _file;
    readonly Parser _parser;
    readonly ConfigProblems _problems;
    readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    readonly Dictionary<ConfigNode, long> _weights = new(ReferenceEqualityComparer.Instance);

    YamlReader(string file, string text, ConfigProblems problems)
    {
        _file = file;
        _parser = new Parser(new Scanner(new StringReader(text)));
        _problems = problems;
    }

    /// <returns>A null node for an empty document; null if the text is not YAML, which is then among the problems.</returns>
    public static ConfigNode? Read(string file, string text, ConfigProblems problems)
    {
        if (text.Length > TextLengthMax)
        {
            problems.Error(new SourcePosition(file, 0, 0), "", $"found {text.Length} characters, expected at most {TextLengthMax}");
            return null;
        }
        var reader = new YamlReader(file, text, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException problem)
        {
            string message = problem.InnerException is { } inner ? $"{problem.Message}: {inner.Message}" : problem.Message;
            var position = new SourcePosition(file, (int)problem.Start.Line, (int)problem.Start.Column);
            problems.Error(position, "", $"not valid YAML: {message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner runs out of tokens on some unclosed lists.
            problems.Error(reader.LastPosition, "", "not valid YAML: a list, map or text that begins here or before is not closed");
            return null;
        }
    }

    ConfigNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            return new ConfigNode { Kind = ConfigNodeKind.Null, Position = new SourcePosition(_file, 1, 1) };
        return ReadNode(0);
    }

    ConfigNode ReadNode(int depth)
    {
        var next = _parser.Current!;
        if (depth > DepthMax) throw Refusal(next, $"nested more than {DepthMax} levels deep");
        var node = next switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            AnchorAlias => ReadAlias(),
            _ => throw Refusal(next, $"found {next.GetType().Name}, expected a value"),
        };
        if (WeightOf(node) > NodesMax) throw Refusal(next, $"aliases expand to more than {NodesMax} values");
        return node;
    }

    static YamlException Refusal(ParsingEvent at, string message) => new(at.Start, at.End, message);

    long WeightOf(ConfigNode node) => _weights.GetValueOrDefault(node, 1);

    SourcePosition LastPosition => _parser.Current is { } last ? PositionOf(last) : new SourcePosition(_file, 0, 0);

    SourcePosition PositionOf(ParsingEvent at) => new(_file, (int)at.Start.Line, (int)at.Start.Column);

    void Remember(NodeEvent start, ConfigNode node)
    {
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = node;
    }

    ConfigNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        bool quoted = scalar.Style != ScalarStyle.Plain;
        string tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        var position = PositionOf(scalar);
        string text = tag == YamlTags.Binary ? DecodeBinary(scalar) : scalar.Value;
        bool isNull = !quoted && tag is "" or YamlTags.Null && PlainScalar.IsNull(text);
        var node = new ConfigNode
        {
            Kind = isNull ? ConfigNodeKind.Null : ConfigNodeKind.Scalar,
            Position = position,
            Text = isNull ? "" : text,
            IsQuoted = quoted || tag is YamlTags.Text or YamlTags.Binary,
            Tag = tag,
        };
        Remember(scalar, node);
        return node;
    }

    string DecodeBinary(Scalar scalar)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(Convert.FromBase64String(scalar.Value));
        }
        catch (Exception problem) when (problem is FormatException or DecoderFallbackException)
        {
            _problems.Error(PositionOf(scalar), "", "found bytes that are not UTF-8, expected text");
            return "";
        }
    }

    ConfigNode ReadAlias()
    {
        var alias = _parser.Consume<AnchorAlias>();
        return _anchors.TryGetValue(alias.Value.Value, out var node)
            ? node
            : throw Refusal(alias, $"found the alias *{alias.Value.Value}, expected an anchor of that name before it");
    }

    ConfigNode ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        long weight = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var item = ReadNode(depth + 1);
            weight += WeightOf(item);
            items.Add(item);
        }
        var node = new ConfigNode { Kind = ConfigNodeKind.List, Position = PositionOf(start), Items = items };
        _weights[node] = weight;
        Remember(start, node);
        return node;
    }

    ConfigNode ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<ConfigEntry>();
        var merged = new List<ConfigNode>();
        var seen = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        long weight = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            weight += 1 + WeightOf(value);
            if (key.Kind is ConfigNodeKind.List or ConfigNodeKind.Map)
                _problems.Error(key.Position, "", $"found a {Describe(key)} as key, expected text");
            else if (key is { Text: "<<", IsQuoted: false }) merged.Add(value);
            else if (seen.TryGetValue(key.Text, out var first))
                _problems.Error(key.Position, key.Text,
                    $"found the key a second time, expected it once (first at line {first.Position.Line})");
            else
            {
                seen.Add(key.Text, key);
                entries.Add(new ConfigEntry(key, value));
            }
        }
        foreach (var source in merged) Merge(source, entries, seen);
        var node = new ConfigNode { Kind = ConfigNodeKind.Map, Position = PositionOf(start), Entries = entries };
        _weights[node] = weight;
        Remember(start, node);
        return node;
    }

    /// <summary>The merge key (yaml.org/type/merge): the map's own keys win, then those of earlier sources.</summary>
    void Merge(ConfigNode source, List<ConfigEntry> entries, Dictionary<string, ConfigNode> seen)
    {
        var maps = source.Kind == ConfigNodeKind.List ? source.Items : [source];
        foreach (var map in maps)
        {
            if (map.Kind != ConfigNodeKind.Map)
            {
                _problems.Error(map.Position, "<<", $"found {Describe(map)}, expected a map or a list of maps to merge");
                continue;
            }
            foreach (var entry in map.Entries)
                if (seen.TryAdd(entry.Key.Text, entry.Key)) entries.Add(entry);
        }
    }

    /// <summary>A node in words, for messages; texts are shown only up to a length.</summary>
    public static string Describe(ConfigNode node) => node.Kind switch
    {
        ConfigNodeKind.Null => "nothing",
        ConfigNodeKind.List => "list",
        ConfigNodeKind.Map => "map",
        _ => Model.GoText.Quote(node.Text.Length <= 80 ? node.Text : node.Text[..80] + "…"),
    };
}
