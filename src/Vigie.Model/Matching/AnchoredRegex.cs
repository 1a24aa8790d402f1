using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// A fully anchored RE2 expression as label matchers and relabelling use it: the dot also matches newline (Prometheus 3), matching takes
/// linear time.
/// </summary>
public sealed class AnchoredRegex
{
    readonly Regex _regex;

    AnchoredRegex(string source, Regex regex)
    {
        Source = source;
        _regex = regex;
    }

    /// <summary>The expression as written, without anchors.</summary>
    public string Source { get; }

    /// <exception cref="FormatException">Not a valid RE2 expression; the message says where and why.</exception>
    public static AnchoredRegex Parse(string source)
    {
        try
        {
            const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;
            return new AnchoredRegex(source, new Regex("^(?:" + source + ")\\z", Options));
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"error parsing regexp: {problem.Message}", problem);
        }
    }

    public bool IsMatch(string value) => _regex.IsMatch(value);

    /// <summary>Null if <paramref name="value"/> does not match as a whole.</summary>
    public Match? Match(string value)
    {
        var match = _regex.Match(value);
        return match.Success ? match : null;
    }

    /// <summary>Puts the groups of a match into a template by Go's rules: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>$$</c>.</summary>
    public string Expand(string template, Match match) => GoExpand.Expand(template, match, static (m, name) => m.Groups[name].Value);
}
