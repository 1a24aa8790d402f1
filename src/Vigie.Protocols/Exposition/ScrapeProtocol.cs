using System.Globalization;
using System.Text;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>The <c>scrape_protocols</c> of Prometheus: what a scraper may ask a target for.</summary>
public enum ScrapeProtocol : byte { PrometheusProto, OpenMetricsText0_0_1, OpenMetricsText1_0_0, PrometheusText0_0_4, PrometheusText1_0_0 }

/// <summary>Content negotiation between scraper and target, as Prometheus 3 does it.</summary>
public static class ScrapeProtocols
{
    /// <summary>Offered unless the configuration says otherwise, best first.</summary>
    public static IReadOnlyList<ScrapeProtocol> Default { get; } =
    [
        ScrapeProtocol.OpenMetricsText1_0_0, ScrapeProtocol.OpenMetricsText0_0_1, ScrapeProtocol.PrometheusText1_0_0,
        ScrapeProtocol.PrometheusText0_0_4,
    ];

    static readonly (string Name, string MediaType, bool Escaping)[] Known =
    [
        ("PrometheusProto", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", true),
        ("OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1", false),
        ("OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0", true),
        ("PrometheusText0.0.4", "text/plain;version=0.0.4", false),
        ("PrometheusText1.0.0", "text/plain;version=1.0.0", true),
    ];

    /// <summary>The name in configuration files.</summary>
    public static string NameOf(ScrapeProtocol protocol) => Known[(int)protocol].Name;

    public static bool TryParse(string name, out ScrapeProtocol protocol)
    {
        int at = Array.FindIndex(Known, known => known.Name == name);
        protocol = (ScrapeProtocol)Math.Max(at, 0);
        return at >= 0;
    }

    public static ExpositionFormat FormatOf(ScrapeProtocol protocol) => protocol switch
    {
        ScrapeProtocol.PrometheusProto => ExpositionFormat.Protobuf,
        ScrapeProtocol.OpenMetricsText0_0_1 or ScrapeProtocol.OpenMetricsText1_0_0 => ExpositionFormat.OpenMetrics,
        _ => ExpositionFormat.Text,
    };

    /// <summary>The Accept header of a scrape.</summary>
    /// <param name="escapingScheme">metric_name_escaping_scheme: allow-utf-8, underscores, dots or values.</param>
    public static string AcceptHeader(IReadOnlyList<ScrapeProtocol> protocols, string escapingScheme = "allow-utf-8")
    {
        var header = new StringBuilder();
        int weight = Known.Length + 1;
        foreach (var protocol in protocols)
        {
            header.Append(Known[(int)protocol].MediaType);
            if (Known[(int)protocol].Escaping) header.Append(";escaping=").Append(escapingScheme);
            header.Append(CultureInfo.InvariantCulture, $";q=0.{weight--},");
        }
        return header.Append(CultureInfo.InvariantCulture, $"*/*;q=0.{weight}").ToString();
    }

    /// <summary>The format of an answer by its Content-Type.</summary>
    /// <param name="fallback">Taken when the type is missing or unknown; null: such an answer is a problem.</param>
    /// <returns>Null, or the problem in Prometheus' words.</returns>
    public static string? Choose(string? contentType, ScrapeProtocol? fallback, out ExpositionFormat format)
    {
        format = fallback is { } named ? FormatOf(named) : ExpositionFormat.Text;
        if (string.IsNullOrEmpty(contentType))
        {
            return fallback is not null
                ? null : "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target";
        }
        if (!TryReadMediaType(contentType, out string mediaType, out string problem))
        {
            return fallback is not null
                ? null : $"cannot parse Content-Type {GoText.Quote(contentType)} and no fallback_scrape_protocol for target\n{problem}";
        }
        switch (mediaType)
        {
            case "text/plain": format = ExpositionFormat.Text; return null;
            case "application/openmetrics-text": format = ExpositionFormat.OpenMetrics; return null;
            case "application/vnd.google.protobuf": format = ExpositionFormat.Protobuf; return null;
        }
        return fallback is not null
            ? null
            : $"received unsupported Content-Type {GoText.Quote(contentType)} and no fallback_scrape_protocol specified for target";
    }

    static bool Is(ReadOnlySpan<char> found, string mediaType) => found.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    // RFC 2045 section 5.1 as Go's mime.ParseMediaType reads it: the type in lower case, parameters as name=value.
    static bool TryReadMediaType(string contentType, out string mediaType, out string problem)
    {
        int end = contentType.IndexOf(';', StringComparison.Ordinal);
        mediaType = (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
        problem = "mime: no media type";
        if (mediaType.Length == 0) return false;
        problem = "mime: invalid media parameter";
        while (end >= 0)
        {
            var rest = contentType.AsSpan(end + 1);
            int next = EndOfParameter(rest);
            var parameter = rest[..next].Trim();
            bool last = next == rest.Length;
            int equal = parameter.IndexOf('=');
            if (parameter.Length == 0 ? !last : equal <= 0 || equal == parameter.Length - 1) return false;
            end = last ? -1 : end + 1 + next;
        }
        return true;
    }

    static int EndOfParameter(ReadOnlySpan<char> text)
    {
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted) i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ';' && !quoted) return i;
        }
        return text.Length;
    }

    /// <summary>
    /// The answering side: the text format to present to a client with this Accept header, and its Content-Type. Text 0.0.4 unless the
    /// client prefers OpenMetrics.
    /// </summary>
    public static ExpositionFormat Negotiate(string? accept, out string contentType)
    {
        double text = -1, openMetrics = -1;
        foreach (var range in (accept ?? "").AsSpan().Split(','))
        {
            var entry = accept.AsSpan(range).Trim();
            int end = entry.IndexOf(';');
            var type = (end < 0 ? entry : entry[..end]).Trim();
            double quality = 1;
            if (end >= 0)
            {
                foreach (var part in entry[(end + 1)..].Split(';'))
                {
                    var parameter = entry[(end + 1)..][part].Trim();
                    if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                        && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double q))
                        quality = q;
                }
            }
            if (Is(type, "application/openmetrics-text")) openMetrics = Math.Max(openMetrics, quality);
            else if (Is(type, "text/plain")) text = Math.Max(text, quality);
        }
        if (openMetrics > 0 && openMetrics >= text)
        {
            contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
            return ExpositionFormat.OpenMetrics;
        }
        contentType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
        return ExpositionFormat.Text;
    }
}
