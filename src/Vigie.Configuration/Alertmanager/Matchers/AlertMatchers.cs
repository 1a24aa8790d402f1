using System.Text;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager;

/// <summary>
/// Alertmanager's matchers as texts: parsing in its three modes, printing, and the order lists are kept in. Messages are upstream's.
/// </summary>
public static class AlertMatchers
{
    /// <summary>One matcher: <c>severity="critical"</c>.</summary>
    /// <exception cref="FormatException">Not a matcher.</exception>
    public static LabelMatcher ParseOne(string text, MatcherMode mode = MatcherMode.Fallback)
    {
        if (mode == MatcherMode.Fallback && (text.StartsWith('{') || text.EndsWith('}')))
            throw new FormatException($"unexpected open or close brace: {text}");
        return Choose(mode, () => Utf8MatcherParser.ParseOne(text), () => ClassicMatcherParser.ParseOne(text), static (a, b) =>
            a.Equals(b));
    }

    /// <summary>A list of matchers, with or without braces: <c>{severity="critical", team=~"a|b"}</c>.</summary>
    /// <exception cref="FormatException">Not a list of matchers.</exception>
    public static IReadOnlyList<LabelMatcher> Parse(string text, MatcherMode mode = MatcherMode.Fallback) =>
        Choose(mode, () => Utf8MatcherParser.Parse(text), () => ClassicMatcherParser.Parse(text), static (a, b) => a.SequenceEqual(b));

    static T Choose<T>(MatcherMode mode, Func<T> utf8, Func<T> classic, Func<T, T, bool> isSame) where T : class
    {
        if (mode == MatcherMode.Utf8) return utf8();
        if (mode == MatcherMode.Classic) return classic();
        T? modern = null;
        try
        {
            modern = utf8();
        }
        catch (FormatException)
        {
            return classic();
        }
        try
        {
            // Where the two disagree, older files meant what the classic parser reads.
            var old = classic();
            return isSame(modern, old) ? modern : old;
        }
        catch (FormatException)
        {
            return modern;
        }
    }

    /// <exception cref="FormatException">The regular expression is not valid.</exception>
    public static LabelMatcher Create(MatchType type, string name, string value)
    {
        if (type is MatchType.Regex or MatchType.NotRegex) CheckRegex(value);
        return new LabelMatcher(type, name, value, dotMatchesNewline: false);
    }

    /// <summary>Checks an expression with its anchors around it, as upstream compiles it: its messages show them.</summary>
    /// <exception cref="FormatException">The regular expression is not valid.</exception>
    public static void CheckRegex(string value) => GoRegex.Parse($"^(?:{value})$");

    /// <summary>The form Alertmanager prints: <c>name="value"</c>, the name quoted if it holds reserved characters.</summary>
    public static string Format(LabelMatcher matcher)
    {
        string operation = LabelMatcher.OperatorText(matcher.Type);
        return matcher.Name.EnumerateRunes().Any(Utf8MatcherLexer.IsReserved)
            ? GoText.Quote(matcher.Name) + operation + GoText.Quote(matcher.Value)
            : $"{matcher.Name}{operation}\"{Escape(matcher.Value)}\"";
    }

    /// <summary>A list as Alertmanager prints it: <c>{a="b",c="d"}</c>.</summary>
    public static string Format(IEnumerable<LabelMatcher> matchers) => "{" + string.Join(',', matchers.Select(Format)) + "}";

    static string Escape(string value)
    {
        var output = new StringBuilder(value.Length);
        foreach (char c in value)
        {
            output.Append(c switch { '\\' => "\\\\", '\n' => "\\n", '"' => "\\\"", _ => null });
            if (c is not ('\\' or '\n' or '"')) output.Append(c);
        }
        return output.ToString();
    }

    /// <summary>By name, value and operator, as Alertmanager sorts lists.</summary>
    public static IReadOnlyList<LabelMatcher> Sort(IEnumerable<LabelMatcher> matchers) =>
    [
        .. matchers.OrderBy(static m => m.Name, Comparer<string>.Create(Labels.CompareText))
            .ThenBy(static m => m.Value, Comparer<string>.Create(Labels.CompareText)).ThenBy(static m => m.Type),
    ];
}
