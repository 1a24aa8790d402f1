using System.Globalization;

namespace Vigie.Instrumentation;

/// <summary>Content negotiation of a metrics page.</summary>
public static class ExpositionFormats
{
    /// <summary>The value for the Content-Type header of a page in this format.</summary>
    public static string ContentType(this ExpositionFormat format) => format switch
    {
        ExpositionFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        _ => "text/plain; version=0.0.4; charset=utf-8",
    };

    /// <summary>
    /// The format a client prefers, read from its Accept header. OpenMetrics is served only to clients that name it;
    /// all others, also those that accept neither, get the text format, as Prometheus' own client libraries do.
    /// </summary>
    public static ExpositionFormat Negotiate(string? accept)
    {
        var best = ExpositionFormat.Text;
        var bestQuality = 0.0;
        foreach (var range in accept.AsSpan().Split(','))
        {
            if (!TryRead(accept.AsSpan()[range], out var format, out var quality) || quality <= bestQuality) continue;
            best = format;
            bestQuality = quality;
        }
        return best;
    }

    static bool TryRead(ReadOnlySpan<char> mediaRange, out ExpositionFormat format, out double quality)
    {
        format = ExpositionFormat.Text;
        quality = 1;
        ReadOnlySpan<char> type = default, version = default;
        var first = true;
        foreach (var range in mediaRange.Split(';'))
        {
            var part = mediaRange[range].Trim();
            if (first)
            {
                type = part;
                first = false;
            }
            else if (part.StartsWith("version=", StringComparison.OrdinalIgnoreCase))
            {
                version = part["version=".Length..].Trim('"');
            }
            else if (part.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && !double.TryParse(part[2..], NumberStyles.Float, CultureInfo.InvariantCulture, out quality))
            {
                return false;
            }
        }
        if (type.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
        {
            format = ExpositionFormat.OpenMetrics;
            return version.IsEmpty || version is "1.0.0" or "0.0.1";
        }
        return type.Equals("text/plain", StringComparison.OrdinalIgnoreCase) || type is "*/*" or "text/*";
    }
}
