using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// Fills group references into a template by the rules of Go's <c>regexp.Expand</c>: a name is the longest run of letters, digits and
/// underscores, <c>$1x</c> means <c>${1x}</c>, <c>$$</c> is a dollar, an unknown group is empty, a malformed reference stays as it is.
/// </summary>
static class GoExpand
{
    public static string Expand(string template, Match match, Func<Match, string, string> named)
    {
        int dollar = template.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0) return template;
        var output = new StringBuilder(template.Length + 16);
        int at = 0;
        while (dollar >= 0)
        {
            output.Append(template, at, dollar - at);
            at = dollar + 1;
            if (at < template.Length && template[at] == '$')
            {
                output.Append('$');
                at++;
            }
            else if (TryReadName(template, ref at, out var name)) output.Append(ValueOf(name, match, named));
            else output.Append('$');
            dollar = template.IndexOf('$', at);
        }
        return output.Append(template, at, template.Length - at).ToString();
    }

    static bool TryReadName(string template, ref int at, out string name)
    {
        name = "";
        bool braced = at < template.Length && template[at] == '{';
        int start = braced ? at + 1 : at, end = start;
        while (end < template.Length && IsNamePart(template, end, out int length)) end += length;
        if (end == start || (braced && (end == template.Length || template[end] != '}'))) return false;
        name = template[start..end];
        at = braced ? end + 1 : end;
        return true;
    }

    static bool IsNamePart(string text, int at, out int length)
    {
        length = char.IsSurrogatePair(text, at) ? 2 : 1;
        return text[at] == '_'
            || CharUnicodeInfo.GetUnicodeCategory(text, at) is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber;
    }

    static string ValueOf(string name, Match match, Func<Match, string, string> named)
    {
        bool isNumber = name.Length <= 9 && (name.Length == 1 || name[0] != '0') && name.All(char.IsAsciiDigit);
        return isNumber ? match.Groups[int.Parse(name, CultureInfo.InvariantCulture)].Value : named(match, name);
    }
}
