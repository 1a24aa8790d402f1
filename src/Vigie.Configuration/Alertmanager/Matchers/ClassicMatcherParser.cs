using System.Text;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager;

/// <summary>Parses matchers as Alertmanager did before 0.27 (pkg/labels): lenient values with OpenMetrics escapes, names without
/// UTF-8.</summary>
static class ClassicMatcherParser
{
    static readonly GoRegex s_matcher = GoRegex.Parse(@"^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*((?s).*?)\s*$");

    public static IReadOnlyList<LabelMatcher> Parse(string text)
    {
        string list = text.StartsWith('{') ? text[1..] : text;
        if (list.EndsWith('}')) list = list[..^1];
        return [.. Split(list).Select(ParseOne)];
    }

    /// <summary>Splits at commas outside of quotes. An empty last part does not count.</summary>
    static List<string> Split(string list)
    {
        var parts = new List<string>();
        bool quoted = false, escaped = false;
        int start = 0;
        for (int i = 0; i < list.Length; i++)
        {
            switch (list[i])
            {
                case ',' when !quoted:
                    parts.Add(list[start..i]);
                    start = i + 1;
                    break;
                case '"' when escaped: escaped = false; break;
                case '"': quoted = !quoted; break;
                case '\\': escaped = !escaped; break;
                default: escaped = false; break;
            }
        }
        if (!string.IsNullOrWhiteSpace(list[start..])) parts.Add(list[start..].Trim());
        return parts;
    }

    public static LabelMatcher ParseOne(string text)
    {
        if (s_matcher.Match(text) is not { } match) throw new FormatException($"bad matcher format: {text}");
        var type = match.Groups[2].Value switch
        {
            "=" => MatchType.Equal,
            "!=" => MatchType.NotEqual,
            "=~" => MatchType.Regex,
            _ => MatchType.NotRegex,
        };
        return AlertMatchers.Create(type, match.Groups[1].Value, ReadValue(match.Groups[3].Value));
    }

    static string ReadValue(string raw)
    {
        bool expectsQuote = raw.StartsWith('"');
        string inner = expectsQuote ? raw[1..] : raw;
        var value = new StringBuilder(inner.Length);
        for (int i = 0; i < inner.Length; i++)
        {
            char c = inner[i];
            bool isLast = i == inner.Length - 1;
            if (c == '\\' && !isLast)
            {
                char next = inner[++i];
                if (next == 'n') value.Append('\n');
                else if (next is '"' or '\\') value.Append(next);
                else value.Append('\\').Append(next);       // a spurious escape stays as it is
            }
            else if (c == '"')
            {
                if (!expectsQuote || !isLast) throw Unescaped(raw);
                expectsQuote = false;
            }
            else value.Append(c);
        }
        return expectsQuote ? throw Unescaped(raw) : value.ToString();
    }

    static FormatException Unescaped(string raw) => new($"matcher value contains unescaped double quote: {raw}");
}
