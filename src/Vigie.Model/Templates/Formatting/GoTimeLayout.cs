using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Go's reference-time layouts (<c>2006-01-02 15:04:05.000 MST</c>): printing and parsing.</summary>
/// <remarks>Source: https://pkg.go.dev/time#pkg-constants.</remarks>
static class GoTimeLayout
{
    /// <summary>Longest first where one is the beginning of another.</summary>
    static readonly string[] s_elements =
    [
        "January", "Jan", "Monday", "Mon", "MST", "2006", "-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00:00", "Z070000", "Z07:00",
        "Z0700", "Z07", "002", "01", "02", "03", "04", "05", "06", "15", "__2", "_2", "PM", "pm", "1", "2", "3", "4", "5",
    ];

    public static string Format(TemplateTime time, string layout)
    {
        var wall = time.Wall;
        var text = new StringBuilder();
        foreach (var (literal, element) in Split(layout))
        {
            text.Append(literal);
            if (element.Length > 0) Append(text, element, time, wall);
        }
        return text.ToString();
    }

    static void Append(StringBuilder text, string element, TemplateTime time, DateTimeOffset wall)
    {
        var culture = CultureInfo.InvariantCulture;
        int hour12 = wall.Hour % 12 == 0 ? 12 : wall.Hour % 12;
        switch (element)
        {
            case "January": text.Append(culture.DateTimeFormat.GetMonthName(wall.Month)); break;
            case "Jan": text.Append(culture.DateTimeFormat.GetAbbreviatedMonthName(wall.Month)); break;
            case "Monday": text.Append(wall.DayOfWeek); break;
            case "Mon": text.Append(culture.DateTimeFormat.GetAbbreviatedDayName(wall.DayOfWeek)); break;
            case "MST": text.Append(time.ZoneAbbreviation); break;
            case "2006": text.Append(culture, $"{wall.Year:0000}"); break;
            case "06": text.Append(culture, $"{wall.Year % 100:00}"); break;
            case "01": text.Append(culture, $"{wall.Month:00}"); break;
            case "1": text.Append(culture, $"{wall.Month}"); break;
            case "02": text.Append(culture, $"{wall.Day:00}"); break;
            case "_2": text.Append(culture, $"{wall.Day,2}"); break;
            case "2": text.Append(culture, $"{wall.Day}"); break;
            case "002": text.Append(culture, $"{wall.DayOfYear:000}"); break;
            case "__2": text.Append(culture, $"{wall.DayOfYear,3}"); break;
            case "15": text.Append(culture, $"{wall.Hour:00}"); break;
            case "03": text.Append(culture, $"{hour12:00}"); break;
            case "3": text.Append(culture, $"{hour12}"); break;
            case "04": text.Append(culture, $"{wall.Minute:00}"); break;
            case "4": text.Append(culture, $"{wall.Minute}"); break;
            case "05": text.Append(culture, $"{wall.Second:00}"); break;
            case "5": text.Append(culture, $"{wall.Second}"); break;
            case "PM": text.Append(wall.Hour < 12 ? "AM" : "PM"); break;
            case "pm": text.Append(wall.Hour < 12 ? "am" : "pm"); break;
            case ['.' or ',', ..]: AppendFraction(text, element, wall); break;
            default: AppendOffset(text, element, wall.Offset); break;
        }
    }

    static void AppendFraction(StringBuilder text, string element, DateTimeOffset wall)
    {
        string digits = string.Create(CultureInfo.InvariantCulture, $"{wall.Ticks % TimeSpan.TicksPerSecond * 100:000000000}");
        digits = digits.PadRight(element.Length - 1, '0')[..(element.Length - 1)];
        if (element[1] == '9')
        {
            digits = digits.TrimEnd('0');
            if (digits.Length == 0) return;
        }
        text.Append(element[0]).Append(digits);
    }

    static void AppendOffset(StringBuilder text, string element, TimeSpan offset)
    {
        if (element[0] == 'Z' && offset == TimeSpan.Zero)
        {
            text.Append('Z');
            return;
        }
        var culture = CultureInfo.InvariantCulture;
        string colon = element.Contains(':', StringComparison.Ordinal) ? ":" : "";
        var size = offset.Duration();
        text.Append(offset < TimeSpan.Zero ? '-' : '+').Append(culture, $"{size.Hours:00}");
        if (element.Length > 3) text.Append(culture, $"{colon}{size.Minutes:00}");
        if (element.Length > 6) text.Append(culture, $"{colon}{size.Seconds:00}");
    }

    /// <exception cref="TemplateFunctionException">The text does not have the layout; Go's message.</exception>
    public static TemplateTime Parse(string layout, string text, TimeZoneInfo zone)
    {
        var reader = new GoTimeReader(layout, text);
        foreach (var (literal, element) in Split(layout))
        {
            reader.Literal(literal);
            if (element.Length > 0) reader.Element(element);
        }
        return reader.Finish(zone);
    }

    /// <summary>The layout as literal texts, each followed by an element (the last one by none).</summary>
    static IEnumerable<(string Literal, string Element)> Split(string layout)
    {
        int start = 0;
        for (int i = 0; i < layout.Length;)
        {
            string? element = ElementAt(layout, i);
            if (element is null)
            {
                i++;
                continue;
            }
            yield return (layout[start..i], element);
            i += element.Length;
            start = i;
        }
        yield return (layout[start..], "");
    }

    static string? ElementAt(string layout, int at)
    {
        if (layout[at] is '.' or ',')
        {
            // Fractional seconds: a run of 0s or of 9s that no digit follows.
            int end = at + 1;
            while (end < layout.Length && layout[end] == layout[at + 1] && layout[end] is '0' or '9') end++;
            return end > at + 1 && (end == layout.Length || !char.IsAsciiDigit(layout[end])) ? layout[at..end] : null;
        }
        // "_2006" is an underscore and the year.
        if (layout[at] == '_' && string.CompareOrdinal(layout, at, "_2006", 0, 5) == 0) return null;
        foreach (string element in s_elements)
        {
            if (string.CompareOrdinal(layout, at, element, 0, element.Length) != 0) continue;
            if (element == "Jan" && at + 3 < layout.Length && char.IsAsciiLetterLower(layout[at + 3])) continue;
            return element;
        }
        return null;
    }
}
