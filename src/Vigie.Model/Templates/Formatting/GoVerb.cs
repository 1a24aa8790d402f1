using System.Globalization;
using System.Numerics;
using System.Text;

namespace Vigie.Model;

/// <summary>One formatting directive of Go's Printf: flags, width, precision, and how each verb prints each kind of value.</summary>
sealed class GoVerb
{
    public bool Minus { get; set; }
    public bool Plus { get; private set; }
    public bool Sharp { get; private set; }
    public bool Space { get; private set; }
    public bool Zero { get; private set; }
    public int? Width { get; set; }
    public int? Precision { get; set; }

    /// <returns>Where the flags end.</returns>
    public int ReadFlags(string format, int at)
    {
        for (; at < format.Length; at++)
        {
            switch (format[at])
            {
                case '-': Minus = true; break;
                case '+': Plus = true; break;
                case '#': Sharp = true; break;
                case ' ': Space = true; break;
                case '0': Zero = true; break;
                default: return at;
            }
        }
        return at;
    }

    public void Append(StringBuilder text, char verb, object? value)
    {
        value = TemplateValue.Of(value);
        // With %v the plus asks for field names, not for a sign.
        if (verb == 'v') Plus = false;
        if (verb == 'T') Pad(text, value is null ? "<nil>" : TemplateValue.TypeName(value));
        else if (value is null) text.Append(verb == 'v' ? Padded("<nil>") : $"%!{verb}(<nil>)");
        else if (Text(verb, value) is { } printed) Pad(text, printed, isNumber: value is double or long or ulong or TemplateDuration);
        else if (value is IReadOnlyList<object?> list && value is not ITemplateMap) AppendList(text, verb, list);
        else text.Append(CultureInfo.InvariantCulture, $"%!{verb}({TemplateValue.TypeName(value)}={GoFormat.Value(value)})");
    }

    void AppendList(StringBuilder text, char verb, IReadOnlyList<object?> list)
    {
        text.Append('[');
        for (int i = 0; i < list.Count; i++) Append(i > 0 ? text.Append(' ') : text, verb, list[i]);
        text.Append(']');
    }

    /// <summary>The unpadded text, or null if the verb does not fit the value.</summary>
    string? Text(char verb, object value)
    {
        if (verb is 'v' or 's' or 'q' or 'x' or 'X')
        {
            string? text = TemplateValue.AsText(value) ?? (TemplateValue.TryPrintByMethod(value, out string printed) ? printed : null);
            if (text is not null) return Strings(verb, text);
        }
        switch (value)
        {
            case bool truth: return verb is 't' or 'v' ? (truth ? "true" : "false") : null;
            case double number: return Float(verb, number);
            case ulong number: return Integer(verb, number);
        }
        if (TemplateValue.TryInteger(value, out long integer)) return Integer(verb, integer);
        return verb == 'v' || (verb == 's' && value is ITemplateMap or ITemplateMembers) ? GoFormat.Value(value) : null;
    }

    string? Strings(char verb, string text)
    {
        if (verb is 'v' && Sharp) return GoText.Quote(text);
        if (verb is 'v' or 's') return Cut(text);
        if (verb == 'q') return Sharp && !text.Contains('`', StringComparison.Ordinal) ? "`" + text + "`" : GoText.Quote(Cut(text));
        string hex = Convert.ToHexString(Encoding.UTF8.GetBytes(text));
        return verb == 'x' ? hex.ToLowerInvariant() : hex;
    }

    string Cut(string text)
    {
        if (Precision is not { } limit) return text;
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (limit-- == 0) return text[..at];
            at += rune.Utf16SequenceLength;
        }
        return text;
    }

    string? Float(char verb, double number)
    {
        string? text = verb switch
        {
            'v' => Precision is { } digits ? GoFloat.Format(number, 'g', digits) : GoNumber.FormatGeneral(number),
            'g' or 'G' => GoFloat.Format(number, verb, Precision ?? -1),
            'e' or 'E' or 'f' => GoFloat.Format(number, verb, Precision ?? 6),
            'F' => GoFloat.Format(number, 'f', Precision ?? 6),
            _ => null,
        };
        if (text is null) return null;
        if (text[0] == '+' && !Plus) return Space ? " " + text[1..] : text;
        if (text[0] is '-' or '+') return text;
        return Plus ? "+" + text : Space ? " " + text : text;
    }

    string? Integer(char verb, BigInteger number)
    {
        if (verb is 'c' or 'q' or 'U')
        {
            if (number < 0 || number > 0x10ffff || !Rune.IsValid((int)number)) return "\ufffd";
            var rune = new Rune((int)number);
            if (verb == 'U') return string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}") + (Sharp ? $" '{rune}'" : "");
            return verb == 'c' ? rune.ToString() : $"'{rune}'";
        }
        var magnitude = BigInteger.Abs(number);
        string? digits = verb switch
        {
            'd' or 'v' => magnitude.ToString(CultureInfo.InvariantCulture),
            'x' => (Sharp ? "0x" : "") + Radix(magnitude, 16),
            'X' => (Sharp ? "0X" : "") + Radix(magnitude, 16).ToUpperInvariant(),
            'o' => (Sharp ? "0" : "") + Radix(magnitude, 8),
            'O' => "0o" + Radix(magnitude, 8),
            'b' => (Sharp ? "0b" : "") + Radix(magnitude, 2),
            _ => null,
        };
        if (digits is null) return null;
        if (Precision is { } least) digits = digits.PadLeft(least, '0');
        return number < 0 ? "-" + digits : Plus ? "+" + digits : Space ? " " + digits : digits;
    }

    static string Radix(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        var digits = new StringBuilder();
        for (; !value.IsZero; value /= radix) digits.Insert(0, "0123456789abcdef"[(int)(value % radix)]);
        return digits.ToString();
    }

    string Padded(string text)
    {
        var output = new StringBuilder();
        Pad(output, text);
        return output.ToString();
    }

    void Pad(StringBuilder output, string text, bool isNumber = false)
    {
        int missing = (Width ?? 0) - text.EnumerateRunes().Count();
        // Zeros fill neither what is no number nor an integer whose digits the precision counts.
        bool isCountedInteger = isNumber && Precision is not null && !text.AsSpan().ContainsAny('.', 'e');
        bool zeros = Zero && !isCountedInteger && text != "NaN" && !text.EndsWith("Inf", StringComparison.Ordinal);
        if (missing <= 0) output.Append(text);
        else if (Minus) output.Append(text).Append(' ', missing);
        else if (!zeros) output.Append(' ', missing).Append(text);
        else if (isNumber && text[0] is '-' or '+' or ' ') output.Append(text[0]).Append('0', missing).Append(text, 1, text.Length - 1);
        else output.Append('0', missing).Append(text);
    }
}
