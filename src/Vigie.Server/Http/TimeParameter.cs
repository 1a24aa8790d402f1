using Vigie.Model;

namespace Vigie.Server.Http;

/// <summary>
/// Times in requests as Prometheus' HTTP API takes them: Unix seconds with decimals, or RFC 3339 (docs/querying/api.md). Milliseconds out.
/// </summary>
public static class TimeParameter
{
    const string EarliestText = "-292273086-05-16T16:47:06Z", LatestText = "292277025-08-18T07:12:54.999999999Z";
    /// <summary>What the two texts above mean: the earliest and latest time the API can name.</summary>
    public const long EarliestMs = -9223309901257974000, LatestMs = 9223309901257974999;
    const double SecondsMax = 9.2e15;

    /// <param name="timestampMs">Milliseconds since 1970, rounded to the nearest.</param>
    /// <returns>False if the text is neither.</returns>
    public static bool TryParse(string text, out long timestampMs)
    {
        if (GoNumber.TryParse(text, out double seconds))
        {
            timestampMs = 0;
            if (!double.IsFinite(seconds) || Math.Abs(seconds) > SecondsMax) return false;
            double whole = Math.Truncate(seconds);
            double millis = Math.Round((seconds - whole) * 1000, MidpointRounding.AwayFromZero);
            timestampMs = (long)whole * 1000 + (long)millis;
            return true;
        }
        if (text == EarliestText)
        {
            timestampMs = EarliestMs;
            return true;
        }
        if (text == LatestText)
        {
            timestampMs = LatestMs;
            return true;
        }
        return TryParseRfc3339(text, out timestampMs);
    }

    /// <summary>Strict RFC 3339 with upper-case T and Z, years 0000 to 9999; fractions beyond milliseconds are cut.</summary>
    static bool TryParseRfc3339(ReadOnlySpan<char> text, out long timestampMs)
    {
        timestampMs = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        if (!Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day)
            || !Digits(text[11..13], out int hour) || !Digits(text[14..16], out int minute) || !Digits(text[17..19], out int second))
            return false;
        if (month is < 1 or > 12 || day < 1 || day > DaysIn(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        var rest = text[19..];
        int millis = 0;
        if (rest[0] is '.' or ',')
        {
            int digits = 1;
            for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
                if (digits <= 3) millis = millis * 10 + (rest[digits] - '0');
            if (digits == 1) return false;
            for (int have = digits - 1; have < 3; have++) millis *= 10;
            rest = rest[digits..];
        }
        if (!TryParseOffset(rest, out int offsetMinutes)) return false;
        long seconds = DaysSinceEpoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offsetMinutes * 60L;
        timestampMs = seconds * 1000 + millis;
        return true;
    }

    static bool TryParseOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is "Z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':') return false;
        if (!Digits(text[1..3], out int hour) || !Digits(text[4..6], out int minute) || hour > 23 || minute > 59) return false;
        minutes = (hour * 60 + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    static bool Digits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            number = number * 10 + (c - '0');
        }
        return true;
    }

    static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    static int DaysIn(int year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Days from 1970-01-01 in the proleptic Gregorian calendar; DateTime has no year 0.</summary>
    static long DaysSinceEpoch(int year, int month, int day)
    {
        int shifted = month <= 2 ? year - 1 : year;
        int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146097L + dayOfEra - 719468;
    }
}
