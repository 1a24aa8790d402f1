using System.Buffers;
using System.Text;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// UCUM units in words, as OpenTelemetry's compatibility specification and Prometheus' translation have them: <c>By/s</c> is bytes and
/// per_second.
/// </summary>
static class OtlpUnits
{
    static readonly SearchValues<char> s_braces = SearchValues.Create("{}");

    /// <summary>The unit of a metric's metadata: <c>bytes_per_second</c>; "" if it has none.</summary>
    public static string Name(string unit)
    {
        var (main, per) = Words(unit);
        (main, per) = (Clean(main), Clean(per));
        string name = main.Length > 0 && per.Length > 0 ? main + "_" + per : main.Length > 0 ? main : per;
        if (name.StartsWith('_')) name = name[1..];
        return name.EndsWith('_') ? name[..^1] : name;
    }

    /// <summary>
    /// The words for the unit and for what it is counted per (with <c>per_</c>), each "" if there is none. Not cleaned up.
    /// </summary>
    public static (string Main, string Per) Words(string unit)
    {
        int slash = unit.IndexOf('/', StringComparison.Ordinal);
        string main = (slash < 0 ? unit : unit[..slash]).Trim();
        string per = slash < 0 ? "" : unit[(slash + 1)..].Trim();
        main = IsAnnotation(main) ? "" : MainWord(main);
        per = per.Length == 0 || IsAnnotation(per) ? "" : "per_" + PerWord(per);
        return (main, per);
    }

    /// <summary>Characters a metric name cannot have become underscores, runs of them one, a leading one goes.</summary>
    public static string Clean(string word)
    {
        var text = new StringBuilder(word.Length);
        foreach (char c in word)
        {
            if (IsNameCharacter(c)) text.Append(c);
            else if (!char.IsLowSurrogate(c) && (text.Length == 0 || text[^1] != '_')) text.Append('_');
        }
        return text.Length > 0 && text[0] == '_' ? text.ToString(1, text.Length - 1) : text.ToString();
    }

    /// <summary>Letters, digits and colon; the underscore separates.</summary>
    public static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == ':';

    static bool IsAnnotation(string text) => text.AsSpan().ContainsAny(s_braces);

    static string MainWord(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",     // as Prometheus writes it
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "1" => "",
        "%" => "percent",
        _ => unit,
    };

    static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };
}
