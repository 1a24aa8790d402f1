using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Vigie;

/// <summary>Reads the limits section of vigie.yml.</summary>
static class LimitsLoader
{
    const int ExceptionsMax = 1000;

    static readonly string[] s_kinds = ["job", "metric", "label"];

    public static SectionSchema Schema { get; } = new("limits",
    [
        Int("series", min: 0), Int("series_per_job", min: 0), Int("series_per_metric", min: 0), Int("values_per_label", min: 0),
        Subs("exceptions", new SectionSchema("exception", [Text("job"), Text("metric"), Text("label"), Int("max", min: 0)])),
    ]);

    public static LimitsConfig Load(Section limits, SectionReader reader) => new()
    {
        Series = Given(limits, "series"),
        SeriesPerJob = Given(limits, "series_per_job"),
        SeriesPerMetric = Given(limits, "series_per_metric"),
        ValuesPerLabel = Given(limits, "values_per_label"),
        Exceptions = Exceptions(limits, reader),
    };

    static long? Given(Section section, string key) => section.Has(key) ? section.Int(key) : null;

    static IReadOnlyList<LimitExceptionConfig> Exceptions(Section limits, SectionReader reader)
    {
        var sections = limits.Subs("exceptions");
        if (sections.Count == 0) return [];
        if (sections.Count > ExceptionsMax)
            reader.Error(limits, "exceptions", $"found {sections.Count} exceptions, expected at most {ExceptionsMax}");
        var exceptions = new List<LimitExceptionConfig>();
        foreach (var section in sections.Take(ExceptionsMax))
        {
            string[] kinds = [.. s_kinds.Where(kind => !section.IsZero(kind))];
            if (kinds.Length != 1) reader.Error(section, "job", $"found {kinds.Length} of job, metric and label, expected one");
            if (!section.Has("max")) reader.Error(section, "max", "found nothing, expected a number (0 for no limit)");
            if (kinds.Length != 1) continue;
            string name = section.Text(kinds[0]);
            if (exceptions.Exists(other => other.Kind == kinds[0] && other.Name == name))
                reader.Error(section, kinds[0], $"found {Model.GoText.Quote(name)} twice, expected one limit for it");
            exceptions.Add(new LimitExceptionConfig(kinds[0], name, section.Int("max")));
        }
        return exceptions;
    }
}
