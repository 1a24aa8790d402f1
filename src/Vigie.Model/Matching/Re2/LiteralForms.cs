namespace Vigie.Model;

/// <summary>Finds expressions that need no automaton: fixed texts, prefixes, suffixes, infixes.</summary>
static class LiteralForms
{
    /// <summary>Above this many texts an alternation is left to the automaton.</summary>
    const int TextsMax = 256;

    /// <summary>The complete list of texts an anchored expression matches, or null if it is not such a list (or too long).</summary>
    public static IReadOnlyList<string>? Texts(Re2Node node)
    {
        var texts = Expand(node);
        return texts is null ? null : [.. texts.Distinct(StringComparer.Ordinal)];
    }

    static List<string>? Expand(Re2Node node)
    {
        switch (node)
        {
            case EmptyNode: return [""];
            case LiteralNode literal: return [literal.Text];
            case CaptureNode capture: return Expand(capture.Part);
            case ClassNode set: return ExpandSet(set.Set);
            case AlternateNode alternate:
                var all = new List<string>();
                foreach (var choice in alternate.Choices)
                {
                    if (Expand(choice) is not { } texts || all.Count + texts.Count > TextsMax) return null;
                    all.AddRange(texts);
                }
                return all;
            case ConcatNode concat:
                List<string> joined = [""];
                foreach (var part in concat.Parts)
                {
                    if (Expand(part) is not { } texts || joined.Count * texts.Count > TextsMax) return null;
                    joined = [.. from left in joined from right in texts select left + right];
                }
                return joined;
            default: return null;
        }
    }

    static List<string>? ExpandSet(RuneSet set)
    {
        var texts = new List<string>();
        foreach (var (first, last) in set.Ranges)
        {
            if (last - first >= TextsMax || texts.Count + last - first >= TextsMax || last >= 0xD800) return null;
            for (int rune = first; rune <= last; rune++) texts.Add(char.ConvertFromUtf32(rune));
        }
        return texts;
    }

    /// <summary>The expression without anchors at its ends, which an anchored expression has no need of, and without an outer
    /// group.</summary>
    public static Re2Node Strip(Re2Node node)
    {
        while (true)
        {
            switch (node)
            {
                case CaptureNode capture:
                    node = capture.Part;
                    continue;
                case ConcatNode { Parts: [AssertionNode { Kind: Re2Assertion.TextBegin }, .. var rest] }:
                    node = Concat(rest);
                    continue;
                case ConcatNode { Parts: [.. var rest, AssertionNode { Kind: Re2Assertion.TextEnd }] }:
                    node = Concat(rest);
                    continue;
                case AssertionNode { Kind: Re2Assertion.TextBegin or Re2Assertion.TextEnd }:
                    return EmptyNode.Instance;
                default:
                    return node;
            }
        }
    }

    static Re2Node Concat(Re2Node[] parts) =>
        parts.Length switch { 0 => EmptyNode.Instance, 1 => parts[0], _ => new ConcatNode(parts) };

    /// <summary><c>.*</c> or <c>(.*)</c>, with a dot that matches newline; with <paramref name="min"/> 1, <c>.+</c>.</summary>
    public static bool IsAnyText(Re2Node node, int min) => node switch
    {
        CaptureNode capture => IsAnyText(capture.Part, min),
        RepeatNode { Part: ClassNode { Set.IsAny: true }, Max: -1 } repeat => repeat.Min == min,
        _ => false,
    };
}
