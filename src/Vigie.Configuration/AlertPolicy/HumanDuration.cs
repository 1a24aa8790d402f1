using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.AlertPolicy;

/// <summary>Durations as people write them in words, in English or French: <c>5 minutes</c>, <c>2 heures</c>, <c>1 jour</c>; or as
/// <c>5m</c>.</summary>
sealed class HumanDuration : ScalarType
{
    public static HumanDuration Instance { get; } = new();

    protected override string Expected => "a duration such as 5 minutes, 2 heures or 15m";
    public override object Zero => TimeSpan.Zero;

    protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
    {
        problem = null;
        return TryParse(node.Text, out var span) ? span : null;
    }

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        if (GoDuration.TryParseMs(text.Replace(" ", "", StringComparison.Ordinal), out long ms))
        {
            span = TimeSpan.FromMilliseconds(ms);
            return true;
        }
        string[] parts = text.Trim().ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2
            || !double.TryParse(parts[0].Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            return false;
        double seconds = parts[1].TrimEnd('s', '.') switch
        {
            "sec" or "second" or "seconde" => 1,
            "min" or "minute" or "mn" => 60,
            "hour" or "heure" or "hr" => 3600,
            "day" or "jour" => 86400,
            "week" or "semaine" => 604800,
            _ => 0,
        };
        if (seconds == 0 || count * seconds > TimeSpan.MaxValue.TotalSeconds / 2) return false;
        span = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    public override void Write(YamlWriter writer, object value) => writer.Text(GoDuration.Format((TimeSpan)value));
}
