using System.Globalization;

namespace Vigie.Model;

/// <summary>Go's hexadecimal floating-point literals after the <c>0x</c>: <c>1.8p3</c>; the binary exponent is mandatory.</summary>
static class HexadecimalFloat
{
    const int DigitsMax = 300;

    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        int exponentAt = text.IndexOfAny('p', 'P');
        if (exponentAt < 0 || exponentAt > DigitsMax) return false;
        const NumberStyles Exponent = NumberStyles.AllowLeadingSign;
        if (!int.TryParse(text[(exponentAt + 1)..], Exponent, CultureInfo.InvariantCulture, out int exponent)) return false;
        bool pointSeen = false, digitSeen = false, sticky = false;
        ulong mantissa = 0;
        foreach (char c in text[..exponentAt])
        {
            if (c == '.' && !pointSeen)
            {
                pointSeen = true;
                continue;
            }
            if (!char.IsAsciiHexDigit(c)) return false;
            digitSeen = true;
            // Sixty bits are more than a double keeps; what follows can only break a tie, so one sticky bit stands for it.
            if (mantissa >> 60 == 0)
            {
                mantissa = (mantissa << 4) | (uint)Convert.ToInt32(c.ToString(), 16);
                if (pointSeen) exponent -= 4;
            }
            else
            {
                sticky |= c != '0';
                if (!pointSeen) exponent += 4;
            }
        }
        if (!digitSeen) return false;
        if (sticky) mantissa |= 1;
        value = Math.ScaleB(mantissa, Math.Clamp(exponent, -5000, 5000));
        return true;
    }
}
