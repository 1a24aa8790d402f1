namespace Vigie.Metrics;

/// <summary>What a limit counts.</summary>
public enum SeriesLimit
{
    /// <summary>All series in memory.</summary>
    Total,
    /// <summary>Series with one value of the label <c>job</c>.</summary>
    Job,
    /// <summary>Series with one metric name.</summary>
    Metric,
    /// <summary>Distinct values of one label.</summary>
    Label,
}

/// <summary>How many series a store takes; beyond a limit new ones are refused and those that are there go on. 0 is no limit.</summary>
public sealed record SeriesLimits
{
    /// <summary>Nothing is refused.</summary>
    public static SeriesLimits None { get; } = new() { Series = 0, SeriesPerJob = 0, SeriesPerMetric = 0, ValuesPerLabel = 0 };

    public long Series { get; init; } = 10_000_000;
    public long SeriesPerJob { get; init; } = 1_000_000;
    public long SeriesPerMetric { get; init; } = 500_000;
    public long ValuesPerLabel { get; init; } = 500_000;

    /// <summary>Jobs, metrics and labels with a limit of their own.</summary>
    public IReadOnlyDictionary<(SeriesLimit Limit, string Name), long> Exceptions { get; init; } =
        new Dictionary<(SeriesLimit, string), long>();

    /// <summary>The limit for one job, metric or label; <see cref="long.MaxValue"/> if there is none.</summary>
    public long Of(SeriesLimit limit, string name)
    {
        if (Exceptions.Count == 0 || !Exceptions.TryGetValue((limit, name), out long max))
        {
            max = limit switch
            {
                SeriesLimit.Total => Series,
                SeriesLimit.Job => SeriesPerJob,
                SeriesLimit.Metric => SeriesPerMetric,
                _ => ValuesPerLabel,
            };
        }
        return max > 0 ? max : long.MaxValue;
    }

    /// <summary>The lowest limit of a kind: below it none needs a look.</summary>
    internal long LowestOf(SeriesLimit limit)
    {
        long lowest = Of(limit, "\0");
        foreach (var ((kind, name), _) in Exceptions)
            if (kind == limit) lowest = Math.Min(lowest, Of(limit, name));
        return lowest;
    }
}

/// <summary>Series refused because of one limit.</summary>
/// <param name="Culprit">The job, metric or label at its limit; for <see cref="SeriesLimit.Total"/> the job of the refused series.</param>
/// <param name="Max">The limit.</param>
/// <param name="Series">Distinct series refused, estimated to a few percent.</param>
/// <param name="Attempts">How often a series was refused: most senders try again and again.</param>
/// <param name="Example">Labels of the series refused last.</param>
public sealed record RefusedSeries(
    SeriesLimit Limit, string Culprit, long Max, long Series, long Attempts, DateTimeOffset Since, DateTimeOffset Last, string Example);
