using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Reads Go's quoted strings and character constants (strconv.Unquote).</summary>
static class GoUnquote
{
    /// <param name="source">With its quotes: double, single or back quotes.</param>
    public static bool TryUnquote(string source, out string text)
    {
        text = "";
        if (source.Length < 2 || source[^1] != source[0]) return false;
        var body = source.AsSpan(1, source.Length - 2);
        if (source[0] == '`')
        {
            text = body.ToString().Replace("\r", "", StringComparison.Ordinal);
            return true;
        }
        if (!body.Contains('\\'))
        {
            text = body.ToString();
            return true;
        }
        // \x and octal escapes name bytes, which may be parts of a UTF-8 sequence.
        var bytes = new List<byte>(body.Length);
        Span<byte> encoded = stackalloc byte[4];
        for (int i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                Rune.DecodeFromUtf16(body[i..], out var rune, out int length);
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
                i += length;
                continue;
            }
            if (!TryReadEscape(body, ref i, source[0], out int value, out bool isByte)) return false;
            if (isByte) bytes.Add((byte)value);
            else bytes.AddRange(encoded[..new Rune(value).EncodeToUtf8(encoded)]);
        }
        text = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    static bool TryReadEscape(ReadOnlySpan<char> body, ref int at, char quote, out int value, out bool isByte)
    {
        value = 0;
        isByte = false;
        if (at + 1 >= body.Length) return false;
        char c = body[at + 1];
        at += 2;
        switch (c)
        {
            case 'a': value = '\a'; return true;
            case 'b': value = '\b'; return true;
            case 'f': value = '\f'; return true;
            case 'n': value = '\n'; return true;
            case 'r': value = '\r'; return true;
            case 't': value = '\t'; return true;
            case 'v': value = '\v'; return true;
            case '\\': value = '\\'; return true;
            case '\'' or '"': value = c; return c == quote;
            case 'x' or 'u' or 'U':
                int length = c switch { 'x' => 2, 'u' => 4, _ => 8 };
                if (at + length > body.Length
                    || !int.TryParse(body.Slice(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
                    return false;
                at += length;
                isByte = c == 'x';
                return isByte || Rune.IsValid(value);
            case >= '0' and <= '7':
                if (at + 2 > body.Length || body[at] is < '0' or > '7' || body[at + 1] is < '0' or > '7') return false;
                value = (c - '0') * 64 + (body[at] - '0') * 8 + (body[at + 1] - '0');
                at += 2;
                isByte = true;
                return value < 256;
            default: return false;
        }
    }
}
