using System.Text;

namespace Vigie.Configuration;

/// <summary>Environment variables in texts, by the rules of Go's os.Expand: <c>$NAME</c>, <c>${NAME}</c>, <c>$$</c> for a dollar.</summary>
public static class EnvironmentText
{
    /// <param name="lookup">Null: the variable is not set, and nothing stands in its place.</param>
    public static string Expand(string text, Func<string, string?> lookup)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var output = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                output.Append(text[at++]);
                continue;
            }
            at++;
            if (text[at] == '$')
            {
                output.Append('$');
                at++;
            }
            else if (text[at] == '{')
            {
                int end = text.IndexOf('}', at);
                if (end < 0) return output.Append("${").Append(text, at + 1, text.Length - at - 1).ToString();
                output.Append(lookup(text[(at + 1)..end]));
                at = end + 1;
            }
            else
            {
                int end = at;
                while (end < text.Length && (text[end] == '_' || char.IsAsciiLetterOrDigit(text[end]))) end++;
                if (end == at) output.Append('$');
                else output.Append(lookup(text[at..end]));
                at = end;
            }
        }
        return output.ToString();
    }
}
