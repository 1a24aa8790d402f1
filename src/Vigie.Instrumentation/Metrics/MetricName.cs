using System.Diagnostics.Metrics;
using System.Text;

namespace Vigie.Instrumentation;

/// <summary>
/// Names of instruments as Prometheus names. A name that is a valid Prometheus name is used as it stands. Any other, such as
/// <c>http.server.request.duration</c>, is translated as OpenTelemetry's Prometheus compatibility specification says: other
/// characters become '_', the unit and, for counters, <c>_total</c> are appended.
/// </summary>
static class MetricName
{
    public static string Of(Instrument instrument, MetricType type)
    {
        if (IsValid(instrument.Name)) return instrument.Name;
        var name = Sanitize(instrument.Name, allowColon: true);
        var unit = UnitSuffix(instrument.Unit);
        if (unit is not null && !name.EndsWith("_" + unit, StringComparison.Ordinal)) name += "_" + unit;
        else if (instrument.Unit == "1" && type == MetricType.Gauge) name += "_ratio";
        return type == MetricType.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Replaces what a label or metric name must not contain by '_'.</summary>
    public static string Sanitize(string name, bool allowColon)
    {
        var text = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) text.Append('_');
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' || (allowColon && c == ':') ? c : '_');
        return text.ToString();
    }

    /// <summary>The suffix for a UCUM unit, such as "seconds" for "s"; null for none, "1" and annotations such as "{request}".</summary>
    public static string? UnitSuffix(string? unit)
    {
        if (string.IsNullOrEmpty(unit) || unit == "1" || unit.StartsWith('{')) return null;
        if (unit.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
            return $"{UnitSuffix(unit[..slash])}_per_{Word(unit[(slash + 1)..])}".TrimStart('_');
        return unit switch
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
            "KBy" => "kilobytes",
            "MBy" => "megabytes",
            "GBy" => "gigabytes",
            "m" => "meters",
            "V" => "volts",
            "A" => "amperes",
            "J" => "joules",
            "W" => "watts",
            "g" => "grams",
            "Cel" => "celsius",
            "Hz" => "hertz",
            "%" => "percent",
            _ => Sanitize(unit, allowColon: false).TrimStart('_'),
        };
    }

    static string Word(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        _ => Sanitize(unit, allowColon: false),
    };

    static bool IsValid(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or ':')) return false;
        }
        return true;
    }
}
