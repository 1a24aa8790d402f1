using System.Globalization;
using System.Text;

namespace Vigie.Configuration.Schema;

/// <summary>Sizes as Prometheus writes them: powers of 1024, whether spelt KB or KiB.</summary>
public static class ByteSize
{
    static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Reads a sum of numbers with units: <c>10MB</c>, <c>1GiB512MiB</c>, <c>0</c>.</summary>
    public static bool TryParse(string text, out long bytes, out string? problem)
    {
        bytes = 0;
        problem = null;
        if (text == "0") return true;
        double total = 0;
        int at = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        if (at == text.Length) return Refuse("no number", out problem);
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            if (!double.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out double number))
                return Refuse($"units: invalid {text}", out problem);
            int unitStart = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] != '.') at++;
            string unit = text[unitStart..at];
            int power = Array.FindIndex(s_units, u => u == unit || (u.Length == 3 && string.Concat(u[..1], "B") == unit));
            if (power < 0) return Refuse($"units: unknown unit {unit} in {text}", out problem);
            total += number * Math.Pow(1024, power);
        }
        if (total >= long.MaxValue) return Refuse($"{text} is too large", out problem);
        bytes = text.StartsWith('-') ? -(long)total : (long)total;
        return true;
    }

    /// <summary>The form of upstream: <c>15MiB</c>, <c>1GiB512MiB</c>.</summary>
    public static string Format(long bytes)
    {
        if (bytes == 0) return "0B";
        var text = new StringBuilder(bytes < 0 ? "-" : "");
        ulong rest = bytes < 0 ? unchecked(0ul - (ulong)bytes) : (ulong)bytes;
        for (int power = s_units.Length - 1; power >= 0; power--)
        {
            ulong count = rest >> (10 * power);
            if (count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"{count}{s_units[power]}");
            rest -= count << (10 * power);
        }
        return text.ToString();
    }

    static bool Refuse(string reason, out string? problem)
    {
        problem = reason;
        return false;
    }
}
