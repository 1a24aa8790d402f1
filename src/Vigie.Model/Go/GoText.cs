using System.Buffers;
using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Text in the form Go prints and reads it (strconv.Quote), which Prometheus' messages, APIs and query language use.</summary>
/// <remarks>
/// Go's strings are bytes and need not be UTF-8: <c>"\xff"</c> is a valid literal. Such a byte is kept as the lone surrogate U+DC00 + byte,
/// and printed as <c>\xff</c> again.
/// </remarks>
public static class GoText
{
    /// <summary><paramref name="text"/> in double quotes with Go's escapes: <c>strconv.Quote</c>.</summary>
    public static string Quote(string text) => AppendQuoted(new StringBuilder(text.Length + 2), text).ToString();

    public static StringBuilder AppendQuoted(StringBuilder output, string text)
    {
        output.Append('"');
        for (int i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                if (text[i] is >= '\udc80' and <= '\udcff') output.Append(CultureInfo.InvariantCulture, $"\\x{text[i] - 0xdc00:x2}");
                else output.Append('\ufffd');
                continue;
            }
            i += rune.Utf16SequenceLength - 1;
            switch (rune.Value)
            {
                case '"': output.Append("\\\""); break;
                case '\\': output.Append("\\\\"); break;
                case '\n': output.Append("\\n"); break;
                case '\r': output.Append("\\r"); break;
                case '\t': output.Append("\\t"); break;
                case '\a': output.Append("\\a"); break;
                case '\b': output.Append("\\b"); break;
                case '\f': output.Append("\\f"); break;
                case '\v': output.Append("\\v"); break;
                case < 0x20 or 0x7f: output.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
                default:
                    if (IsPrintable(rune)) output.Append(rune.ToString());
                    else if (rune.Value < 0x10000) output.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    else output.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
                    break;
            }
        }
        return output.Append('"');
    }

    static bool IsPrintable(Rune rune)
    {
        if (rune.Value == ' ') return true;
        return Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    /// <summary>
    /// The text that a literal in double, single or back quotes means. Escapes are Go's; in single quotes <c>\'</c> stands for the quote.
    /// The inverse of <see cref="Quote"/>.
    /// </summary>
    /// <exception cref="FormatException">Not a literal.</exception>
    public static string Unquote(string literal)
    {
        if (literal.Length < 2 || literal[^1] != literal[0]) throw InvalidLiteral();
        char quote = literal[0];
        var body = literal.AsSpan(1, literal.Length - 2);
        if (quote == '`') return body.Contains('`') ? throw InvalidLiteral() : body.ToString();
        if (quote is not ('"' or '\'')) throw InvalidLiteral();
        if (!body.ContainsAny('\\', quote, '\n')) return body.ToString();

        var bytes = new ArrayBufferWriter<byte>(body.Length + 8);
        while (!body.IsEmpty)
        {
            int run = body.IndexOfAny('\\', quote, '\n');
            if (run != 0)
            {
                Encoding.UTF8.GetBytes(run < 0 ? body : body[..run], bytes);
                body = run < 0 ? [] : body[run..];
            }
            else if (body[0] == '\\') body = body[ReadEscape(body, quote, bytes)..];
            else throw InvalidLiteral();
        }
        return DecodeKeepingBytes(bytes.WrittenSpan);
    }

    /// <returns>How many characters the escape takes.</returns>
    static int ReadEscape(ReadOnlySpan<char> text, char quote, ArrayBufferWriter<byte> output)
    {
        if (text.Length < 2) throw InvalidLiteral();
        char c = text[1];
        int simple = c switch
        {
            'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', '\\' => '\\',
            _ => c == quote ? c : -1,
        };
        if (simple >= 0)
        {
            output.Write([(byte)simple]);
            return 2;
        }
        if (c is >= '0' and <= '7')
        {
            output.Write([(byte)ReadDigits(text, 1, 3, 8, 255)]);
            return 4;
        }
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => throw InvalidLiteral() };
        int value = ReadDigits(text, 2, digits, 16, c == 'x' ? 255 : 0x10ffff);
        if (c == 'x') output.Write([(byte)value]);
        else if (Rune.IsValid(value)) Encoding.UTF8.GetBytes(new Rune(value).ToString(), output);
        else throw InvalidLiteral();
        return 2 + digits;
    }

    static int ReadDigits(ReadOnlySpan<char> text, int start, int count, int numberBase, int max)
    {
        if (text.Length < start + count) throw InvalidLiteral();
        long value = 0;
        foreach (char c in text.Slice(start, count))
        {
            int digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : numberBase;
            if (digit >= numberBase) throw InvalidLiteral();
            value = value * numberBase + digit;
        }
        return value <= max ? (int)value : throw InvalidLiteral();
    }

    static string DecodeKeepingBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out int used) == OperationStatus.Done) text.Append(rune.ToString());
            else
            {
                used = 1;
                text.Append((char)(0xdc00 + bytes[0]));
            }
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    static FormatException InvalidLiteral() => new("invalid syntax");
}
