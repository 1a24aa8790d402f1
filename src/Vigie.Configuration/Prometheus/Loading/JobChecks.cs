using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>Rules that jobs and the global section share.</summary>
static class JobChecks
{
    static readonly string s_supported = $"supported: [{string.Join(' ', ScrapeProtocolNames.All)}]";

    public static void CheckProtocols(Section s, SectionReader reader, string where)
    {
        if (s["scrape_protocols"] is null) return;
        var protocols = s.Texts("scrape_protocols");
        if (protocols.Count == 0) reader.Error(s, "scrape_protocols", $"scrape_protocols cannot be empty {where}");
        foreach (string protocol in protocols)
            if (!ScrapeProtocolNames.All.Contains(protocol))
                reader.Error(s, "scrape_protocols", $"scrape_protocols: unknown scrape protocol {protocol}, {s_supported} {where}");
        if (protocols.Distinct(StringComparer.Ordinal).Count() != protocols.Count)
            reader.Error(s, "scrape_protocols", $"duplicated protocol in scrape_protocols, got [{string.Join(' ', protocols)}] {where}");
    }

    public static void CheckFallback(Section s, SectionReader reader)
    {
        string protocol = s.Text("fallback_scrape_protocol");
        if (protocol.Length > 0 && !ScrapeProtocolNames.All.Contains(protocol))
            reader.Error(s, "fallback_scrape_protocol", $"invalid fallback_scrape_protocol for scrape config with job name "
                + $"{GoText.Quote(s.Text("job_name"))}: unknown scrape protocol {protocol}, {s_supported}");
    }

    public static void CheckSchemes(Section s, SectionReader reader)
    {
        string validation = s.Text("metric_name_validation_scheme"), escaping = s.Text("metric_name_escaping_scheme");
        if (validation is not ("" or "utf8" or "legacy"))
            reader.Error(s, "metric_name_validation_scheme", $"unrecognized ValidationScheme: {GoText.Quote(validation)}");
        if (escaping is not ("" or "allow-utf-8" or "underscores" or "dots" or "values"))
            reader.Error(s, "metric_name_escaping_scheme", $"unknown escaping scheme: {GoText.Quote(escaping)}");
    }
}
