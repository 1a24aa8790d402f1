using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>What must hold in the otlp section.</summary>
static class OtlpChecks
{
    static readonly string[] s_strategies =
        ["UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes", "NoUTF8EscapingWithSuffixes", "NoTranslation"];

    public static void Check(Section s, SectionReader reader)
    {
        string strategy = s.Text("translation_strategy");
        if (strategy.Length > 0 && !s_strategies.Contains(strategy))
            reader.Error(s, "translation_strategy", $"unsupported OTLP translation strategy {GoText.Quote(strategy)}");
        bool all = s.Bool("promote_all_resource_attributes");
        if (all && s.Texts("promote_resource_attributes").Count > 0)
            reader.Error(s, "promote_all_resource_attributes",
                "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
        if (!all && s.Texts("ignore_resource_attributes").Count > 0)
            reader.Error(s, "ignore_resource_attributes",
                "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        Clean(s, reader, "promote_resource_attributes", "promoted");
        Clean(s, reader, "ignore_resource_attributes", "ignored");
    }

    static void Clean(Section s, SectionReader reader, string key, string adjective)
    {
        if (s[key] is null) return;
        var seen = new List<string>();
        var problems = new List<string>();
        foreach (string attribute in s.Texts(key).Select(static a => a.Trim()))
        {
            if (attribute.Length == 0) problems.Add($"empty {adjective} OTel resource attribute");
            else if (seen.Contains(attribute)) problems.Add($"duplicated {adjective} OTel resource attribute {GoText.Quote(attribute)}");
            else seen.Add(attribute);
        }
        if (problems.Count > 0) reader.Error(s, key, $"invalid '{key}': {string.Join('\n', problems)}");
        s.Set(key, seen);
    }

    /// <summary>Strategies that keep UTF-8 names need a naming scheme that allows them.</summary>
    public static void CheckNames(Section s, SectionReader reader, bool legacyNames)
    {
        string strategy = s.Text("translation_strategy");
        if (legacyNames && strategy is "NoUTF8EscapingWithSuffixes" or "NoTranslation" && legacyNames)
            reader.Error(s, "translation_strategy",
                $"OTLP translation strategy {GoText.Quote(strategy)} is not allowed when UTF8 is disabled");
    }
}
