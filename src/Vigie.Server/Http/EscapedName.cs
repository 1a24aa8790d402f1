using System.Globalization;
using System.Text;

namespace Vigie.Server.Http;

/// <summary>
/// Label names in URL paths: a name that begins with <c>U__</c> stands for UTF-8 text with <c>_</c> doubled and other characters as
/// <c>_hex_</c> (Prometheus, docs/querying/api.md, "Querying label values").
/// </summary>
static class EscapedName
{
    public static string Unescape(string name)
    {
        if (!name.StartsWith("U__", StringComparison.Ordinal)) return name;
        var text = new StringBuilder();
        for (int at = 3; at < name.Length; at++)
        {
            if (name[at] != '_')
            {
                text.Append(name[at]);
                continue;
            }
            if (at + 1 < name.Length && name[at + 1] == '_')
            {
                text.Append('_');
                at++;
                continue;
            }
            int end = name.IndexOf('_', at + 1);
            if (end < 0 || !int.TryParse(name.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rune)
                || !Rune.IsValid(rune)) return name;
            text.Append(new Rune(rune).ToString());
            at = end;
        }
        return text.ToString();
    }
}
