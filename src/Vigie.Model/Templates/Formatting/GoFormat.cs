using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Go's fmt: %v of values, Sprint, Sprintln and Sprintf.</summary>
static class GoFormat
{
    /// <summary>Widest field and greatest precision; Go's own bound is a million, which would only serve to fill memory.</summary>
    const int WidthMax = 10_000;

    /// <summary>%v.</summary>
    public static string Value(object? value) => Append(new StringBuilder(), value).ToString();

    public static string Duration(long nanoseconds) => GoDuration.FormatGo(nanoseconds);

    /// <summary>Operands one after the other, with a space between two that are both no strings.</summary>
    public static string Print(object?[] operands)
    {
        var text = new StringBuilder();
        for (int i = 0; i < operands.Length; i++)
        {
            if (i > 0 && operands[i - 1] is not string && operands[i] is not string) text.Append(' ');
            Append(text, operands[i]);
        }
        return text.ToString();
    }

    public static string PrintLine(object?[] operands)
    {
        var text = new StringBuilder();
        for (int i = 0; i < operands.Length; i++) Append(i > 0 ? text.Append(' ') : text, operands[i]);
        return text.Append('\n').ToString();
    }

    static StringBuilder Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: return text.Append("<nil>");
            case string plain: return text.Append(plain);
            case bool truth: return text.Append(truth ? "true" : "false");
            case double number: return text.Append(GoNumber.FormatGeneral(number));
            case TemplateSafeHtml html: return text.Append(html.Text);
            case TemplateSafeUrl url: return text.Append(url.Text);
        }
        value = TemplateValue.Of(value);
        if (TemplateValue.TryPrintByMethod(value, out string printed)) return text.Append(printed);
        switch (value)
        {
            case ITemplateMap map:
                text.Append("map[");
                for (int i = 0; i < map.Keys.Count; i++)
                {
                    if (i > 0) text.Append(' ');
                    text.Append(map.Keys[i]).Append(':');
                    Append(text, map.TryGet(map.Keys[i], out object? item) ? item : null);
                }
                return text.Append(']');
            case IReadOnlyList<object?> list:
                text.Append('[');
                for (int i = 0; i < list.Count; i++) Append(i > 0 ? text.Append(' ') : text, list[i]);
                return text.Append(']');
            case ITemplateMembers members:
                text.Append('{');
                for (int i = 0; i < members.Fields.Count; i++) Append(i > 0 ? text.Append(' ') : text, members.Fields[i].Value);
                return text.Append('}');
            default: return text.Append(CultureInfo.InvariantCulture, $"{value}");
        }
    }

    /// <summary>fmt.Sprintf, its notes on wrong arguments included (<c>%!d(string=x)</c>).</summary>
    public static string Printf(string format, ReadOnlySpan<object?> operands)
    {
        var text = new StringBuilder();
        int next = 0;
        bool reordered = false;
        for (int i = 0; i < format.Length;)
        {
            int percent = format.IndexOf('%', i);
            if (percent < 0) percent = format.Length;
            text.Append(format, i, percent - i);
            i = percent + 1;
            if (percent == format.Length) break;
            var verb = new GoVerb();
            i = verb.ReadFlags(format, i);
            i = ReadIndex(format, i, ref next, ref reordered);
            i = ReadNumber(format, i, operands, ref next, out int? width);
            if (width < 0) (verb.Minus, width) = (true, -width);
            verb.Width = width;
            if (i < format.Length && format[i] == '.')
            {
                i = ReadIndex(format, i + 1, ref next, ref reordered);
                i = ReadNumber(format, i, operands, ref next, out int? precision);
                verb.Precision = precision is < 0 ? null : precision ?? 0;
            }
            i = ReadIndex(format, i, ref next, ref reordered);
            if (i >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }
            Rune.DecodeFromUtf16(format.AsSpan(i), out var letter, out int length);
            i += length;
            if (letter.Value == '%') text.Append('%');
            else if (!letter.IsAscii) text.Append("%!").Append(letter.ToString()).Append("(NOVERB)");
            else if (next < 0 || next >= operands.Length)
                text.Append("%!").Append((char)letter.Value).Append(next < 0 || reordered ? "(BADINDEX)" : "(MISSING)");
            else verb.Append(text, (char)letter.Value, operands[next++]);
        }
        if (!reordered && next < operands.Length)
        {
            text.Append("%!(EXTRA ");
            for (int i = next; i < operands.Length; i++)
            {
                if (i > next) text.Append(", ");
                if (operands[i] is null) text.Append("<nil>");
                else Append(text.Append(TemplateValue.TypeName(operands[i])).Append('='), operands[i]);
            }
            text.Append(')');
        }
        return text.ToString();
    }

    /// <summary>An explicit argument index: <c>[2]</c>.</summary>
    static int ReadIndex(string format, int at, ref int next, ref bool reordered)
    {
        if (at >= format.Length || format[at] != '[') return at;
        int close = format.IndexOf(']', at);
        reordered = true;
        bool valid = close > 0 && int.TryParse(format.AsSpan(at + 1, close - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out next);
        next = valid ? next - 1 : -1;
        return close < 0 ? format.Length : close + 1;
    }

    static int ReadNumber(string format, int at, ReadOnlySpan<object?> operands, ref int next, out int? number)
    {
        number = null;
        if (at < format.Length && format[at] == '*')
        {
            if (next >= 0 && next < operands.Length && operands[next] is long given) number = (int)Math.Clamp(given, -WidthMax, WidthMax);
            next++;
            return at + 1;
        }
        for (; at < format.Length && char.IsAsciiDigit(format[at]); at++) number = Math.Min(WidthMax, (number ?? 0) * 10 + (format[at] - '0'));
        return at;
    }
}
