using Vigie.Configuration.Vigie;
using Vigie.Metrics;

namespace Vigie.Server.Hosting;

/// <summary>The limits of vigie.yml in the store's terms.</summary>
static class StoreLimits
{
    public static SeriesLimits Of(LimitsConfig config)
    {
        var defaults = new SeriesLimits();
        return new SeriesLimits
        {
            Series = config.Series ?? defaults.Series,
            SeriesPerJob = config.SeriesPerJob ?? defaults.SeriesPerJob,
            SeriesPerMetric = config.SeriesPerMetric ?? defaults.SeriesPerMetric,
            ValuesPerLabel = config.ValuesPerLabel ?? defaults.ValuesPerLabel,
            Exceptions = config.Exceptions.ToDictionary(static one => (KindOf(one.Kind), one.Name), static one => one.Max),
        };
    }

    static SeriesLimit KindOf(string kind) => kind switch
    {
        "job" => SeriesLimit.Job,
        "metric" => SeriesLimit.Metric,
        _ => SeriesLimit.Label,
    };
}
