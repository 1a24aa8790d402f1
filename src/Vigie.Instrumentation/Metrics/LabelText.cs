using System.Globalization;
using System.Text;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>Tags as they stand between the braces of a sample line: sorted by label name, escaped, without empty values.</summary>
static class LabelText
{
    /// <summary>
    /// Later tags win over earlier ones of the same name, so a measurement's tags stand last. Names differing only in characters that
    /// labels cannot have are joined with ';', as OpenTelemetry's Prometheus compatibility specification says.
    /// </summary>
    public static string Of(ReadOnlySpan<Tag> instrumentTags, ReadOnlySpan<Tag> tags, bool isHistogram)
    {
        if (instrumentTags.IsEmpty && tags.IsEmpty) return "";
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in instrumentTags) values[LabelName(tag.Key, isHistogram)] = Text(tag.Value);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var name = LabelName(tag.Key, isHistogram);
            var collides = seen.TryGetValue(name, out var key) && key != tag.Key;
            values[name] = collides ? $"{values[name]};{Text(tag.Value)}" : Text(tag.Value);
            seen[name] = tag.Key;
        }

        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            if (value.Length == 0) continue; // an empty label is no label
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"").Append(MetricText.Escape(value, quotes: true)).Append('"');
        }
        return text.ToString();
    }

    static string LabelName(string key, bool isHistogram)
    {
        var name = MetricName.Sanitize(key, allowColon: false);
        return isHistogram && name == "le" ? "exported_le" : name;
    }

    static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        true => "true",
        false => "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
