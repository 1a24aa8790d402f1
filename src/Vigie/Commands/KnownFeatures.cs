namespace Vigie.Commands;

/// <summary>What is to be said of names given to --enable-feature: those that nothing here knows, and those that change nothing.</summary>
static class KnownFeatures
{
    static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "auto-reload-config", "created-timestamp-zero-ingestion", "otlp-deltatocumulative", "otlp-native-delta-ingestion", "promql-binop-fill-modifiers",
        "promql-delayed-name-removal", "promql-duration-expr", "promql-experimental-functions", "promql-extended-range-selectors", "promql-per-step-stats",
        "type-and-unit-labels",
    };

    static readonly Dictionary<string, string> WithoutEffect = new(StringComparer.Ordinal)
    {
        ["st-storage"] = "start timestamps are not kept with samples; created-timestamp-zero-ingestion writes a zero at the start of a counter",
        ["exemplar-storage"] = "exemplars are always kept",
        ["native-histograms"] = "native histograms are always stored; scrape_native_histograms says who scrapes them",
        ["memory-snapshot-on-shutdown"] = "what is in memory is written to a block at an orderly stop anyway",
        ["extra-scrape-metrics"] = "extra_scrape_metrics in prometheus.yml decides",
        ["old-ui"] = "the web UI is another one",
    };

    public static IEnumerable<string> NoticesOf(IReadOnlyList<string> features)
    {
        foreach (string feature in features)
        {
            if (Known.Contains(feature)) continue;
            yield return WithoutEffect.TryGetValue(feature, out string? why)
                ? $"--enable-feature={feature} changes nothing: {why}"
                : $"--enable-feature={feature}: found an unknown feature, it changes nothing";
        }
    }
}
