using System.Globalization;
using System.Text;

namespace Vigie.Instrumentation;

/// <summary>The bytes of one metric that are the same on every page of a format: comment lines, sample names, bucket bounds.</summary>
sealed class MetricText
{
    MetricText(MetricDescription metric, ExpositionFormat format)
    {
        Header = Encoding.UTF8.GetBytes(Comments(metric, format));
        Name = Encoding.UTF8.GetBytes(metric.Name);
        BucketName = Encoding.UTF8.GetBytes(metric.Name + "_bucket");
        SumName = Encoding.UTF8.GetBytes(metric.Name + "_sum");
        CountName = Encoding.UTF8.GetBytes(metric.Name + "_count");
        Bounds = [.. metric.Buckets.Append(double.PositiveInfinity).Select(bound => Encoding.UTF8.GetBytes(Bound(bound, format)))];
    }

    public byte[] Header { get; }
    public byte[] Name { get; }
    public byte[] BucketName { get; }
    public byte[] SumName { get; }
    public byte[] CountName { get; }

    /// <summary>One <c>le="…"</c> per bucket, the last one +Inf.</summary>
    public byte[][] Bounds { get; }

    public static MetricText For(MetricDescription metric, ExpositionFormat format) => new(metric, format);

    static string Comments(MetricDescription metric, ExpositionFormat format)
    {
        var open = format == ExpositionFormat.OpenMetrics;
        // In OpenMetrics a counter's family has no suffix and its sample must end in _total. A counter named otherwise keeps
        // its name and loses its type: a query must not depend on the format of the page.
        var isCounter = metric.Type == MetricType.Counter;
        var hasSuffix = metric.Name.EndsWith("_total", StringComparison.Ordinal);
        var family = open && isCounter && hasSuffix ? metric.Name[..^"_total".Length] : metric.Name;
        var type = open && isCounter && !hasSuffix ? "unknown" : metric.Type.ToString().ToLowerInvariant();

        var text = new StringBuilder();
        if (metric.Help.Length > 0)
            text.Append("# HELP ").Append(family).Append(' ').Append(Escape(metric.Help, quotes: open)).Append('\n');
        text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
        if (open && metric.Unit is { } unit && family.EndsWith("_" + unit, StringComparison.Ordinal))
            text.Append("# UNIT ").Append(family).Append(' ').Append(unit).Append('\n');
        return text.ToString();
    }

    /// <summary>OpenMetrics wants bounds as floats ("1.0"); the text format has them as Go prints them ("1").</summary>
    static string Bound(double bound, ExpositionFormat format)
    {
        if (double.IsPositiveInfinity(bound)) return "le=\"+Inf\"";
        var text = GoText(bound);
        if (format == ExpositionFormat.OpenMetrics && !text.AsSpan().ContainsAny('.', 'e')) text += ".0";
        return $"le=\"{text}\"";
    }

    /// <summary>The shortest digits, with an exponent below 1e-4 and from 1e+06 on, which .NET has from 1E+15 on.</summary>
    static string GoText(double value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal)) return text.Replace("E", "e", StringComparison.Ordinal);
        if (Math.Abs(value) < 1e6) return text;
        var sign = value < 0 ? "-" : "";
        var integers = text.AsSpan(sign.Length).IndexOf('.') is >= 0 and var point ? point : text.Length - sign.Length;
        var digits = text[sign.Length..].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return $"{sign}{digits[0]}{fraction}e+{integers - 1:00}";
    }

    public static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
