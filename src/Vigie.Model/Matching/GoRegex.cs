using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// A regular expression in Go's RE2 syntax, not anchored. Matching takes linear time. Immutable, safe for concurrent use.
/// </summary>
public sealed class GoRegex
{
    readonly IReadOnlyList<string> _groupNames;
    readonly Lazy<Regex> _regex;

    GoRegex(string source, Re2Node node, IReadOnlyList<string> groupNames, bool anchored)
    {
        Source = source;
        _groupNames = groupNames;
        _regex = new Lazy<Regex>(() =>
        {
            string pattern = Re2Emitter.Emit(node);
            return new Regex(anchored ? $"\\A(?:{pattern})\\z" : pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        });
    }

    /// <summary>.NET refuses linear-time automata beyond a size unless told otherwise; RE2 allows repeats up to 1000.</summary>
    static GoRegex() => AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", 1_000_000);

    /// <summary>The expression as written.</summary>
    public string Source { get; }

    /// <param name="dotMatchesNewline">False as in Go; label matchers of Prometheus say true.</param>
    /// <exception cref="FormatException">Not valid RE2; the message is Go's.</exception>
    public static GoRegex Parse(string source, bool dotMatchesNewline = false) =>
        new(source, Re2Parser.Parse(source, dotMatchesNewline, out var names), names, anchored: false);

    internal static GoRegex Anchored(string source, Re2Node node, IReadOnlyList<string> groupNames) => new(source, node, groupNames, true);

    public bool IsMatch(string text) => _regex.Value.IsMatch(text);

    /// <summary>The leftmost match, or null.</summary>
    public Match? Match(string text)
    {
        var match = _regex.Value.Match(text);
        return match.Success ? match : null;
    }

    /// <summary>Replaces all matches; <paramref name="template"/> may refer to groups. As in Go, an empty match right after a match does not
    /// count.</summary>
    public string ReplaceAll(string text, string template)
    {
        var output = new StringBuilder(text.Length);
        int copied = 0, lastEnd = -1;
        for (var match = _regex.Value.Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Length == 0 && match.Index == lastEnd) continue;
            if (match.Length == 0 && match.Index > 0 && match.Index < text.Length && char.IsLowSurrogate(text[match.Index])) continue;
            output.Append(text, copied, match.Index - copied).Append(Expand(template, match));
            copied = lastEnd = match.Index + match.Length;
        }
        return output.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Puts the groups of a match into a template by Go's rules: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>$$</c>.</summary>
    public string Expand(string template, Match match) => GoExpand.Expand(template, match, ValueOfNamed);

    string ValueOfNamed(Match match, string name)
    {
        for (int i = 1; i < _groupNames.Count; i++)
            if (_groupNames[i] == name && match.Groups[i].Success) return match.Groups[i].Value;
        return "";
    }
}
