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
    /// <summary>For texts beyond ASCII when the expression asks for word boundaries; else null.</summary>
    readonly Lazy<Regex>? _exactRegex;

    GoRegex(string source, Re2Node node, IReadOnlyList<string> groupNames, bool anchored)
    {
        Source = source;
        _groupNames = groupNames;
        _regex = new Lazy<Regex>(() => new Regex(
            Anchor(Re2Emitter.Emit(node), anchored), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        if (!Re2Emitter.HasWordBoundary(node)) return;
        _exactRegex = new Lazy<Regex>(() => new Regex(
            Anchor(Re2Emitter.Emit(node, asciiWords: true), anchored), RegexOptions.CultureInvariant, s_exactTimeout));
    }

    /// <summary>The exact engine backtracks: past this the linear one answers, whose word boundaries are Unicode's.</summary>
    static readonly TimeSpan s_exactTimeout = TimeSpan.FromMilliseconds(50);

    static string Anchor(string pattern, bool anchored) => anchored ? $"\\A(?:{pattern})\\z" : pattern;

    Match Find(string text)
    {
        if (_exactRegex is null || Ascii.IsValid(text)) return _regex.Value.Match(text);
        try
        {
            return _exactRegex.Value.Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return _regex.Value.Match(text);
        }
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

    public bool IsMatch(string text) =>
        _exactRegex is null || Ascii.IsValid(text) ? _regex.Value.IsMatch(text) : Find(text).Success;

    /// <summary>The leftmost match, or null.</summary>
    public Match? Match(string text)
    {
        var match = Find(text);
        return match.Success ? match : null;
    }

    /// <summary>Replaces all matches; <paramref name="template"/> may refer to groups. As in Go, an empty match right after a match does
    /// not
    /// count.</summary>
    public string ReplaceAll(string text, string template)
    {
        var output = new StringBuilder(text.Length);
        int copied = 0, lastEnd = -1;
        for (var match = Find(text); match.Success; match = match.NextMatch())
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
