using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Decides whether a new series is taken, and remembers who was refused. Asked once per new series, never per sample: while the store is
/// smaller than every limit it compares three numbers. Counts come from the index; it keeps none of its own. Safe for concurrent use.
/// </summary>
sealed class CardinalityGuard(SeriesLimits limits, TimeProvider clock, ILogger logger)
{
    /// <summary>Culprits remembered; of more, the one refused longest ago is forgotten.</summary>
    const int CulpritsMax = 200;

    /// <summary>Culprits that have a metric of their own; beyond them they are counted together.</summary>
    const int MeasuredMax = 50;

    /// <summary>A target of a job that is at its limit must still be seen to be up or down.</summary>
    const string Up = "up";

    static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(10), ForgetAfter = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly Dictionary<(SeriesLimit Limit, string Culprit), Refusals> _refused = [];
    Thresholds _thresholds = new(limits);
    long _forgottenAttempts;

    public SeriesLimits Limits
    {
        get => Volatile.Read(ref _thresholds).Limits;
        set => Volatile.Write(ref _thresholds, new Thresholds(value));
    }

    /// <summary>Null if the series may be added; else why not. The index lock is held, for reading or writing.</summary>
    public string? Refuse(HeadIndex index, Labels labels)
    {
        var thresholds = Volatile.Read(ref _thresholds);
        if (index.Count < thresholds.Series && index.LabelPairs < thresholds.Values) return null;
        var limits = thresholds.Limits;
        long total = limits.Of(SeriesLimit.Total, "");
        if (index.Count >= total) return Refuse(SeriesLimit.Total, labels[LabelNames.Job], total, labels);
        if (labels.MetricName == Up) return null;
        foreach (ref readonly var label in labels.Pairs)
        {
            var (values, series) = index.CountsOf(label.Name, label.Value);
            long max = limits.Of(SeriesLimit.Label, label.Name);
            if (series == 0 && values >= max) return Refuse(SeriesLimit.Label, label.Name, max, labels);
            SeriesLimit? limit = label.Name switch
            {
                LabelNames.MetricName => SeriesLimit.Metric,
                LabelNames.Job => SeriesLimit.Job,
                _ => null,
            };
            if (limit is null) continue;
            max = limits.Of(limit.Value, label.Value);
            if (series >= max) return Refuse(limit.Value, label.Value, max, labels);
        }
        return null;
    }

    /// <summary>Who was refused within the last hour, most series first.</summary>
    public IReadOnlyList<RefusedSeries> Refused
    {
        get
        {
            lock (_lock)
            {
                Forget(clock.GetUtcNow());
                return [.. _refused.Select(static pair => pair.Value.Snapshot(pair.Key.Limit, pair.Key.Culprit))
                    .OrderByDescending(static refused => refused.Series).ThenBy(static refused => refused.Culprit, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Refusals per culprit, for the metric.</summary>
    public IEnumerable<Measurement<long>> Measure()
    {
        lock (_lock)
        {
            var measurements = new List<Measurement<long>>();
            long others = _forgottenAttempts;
            foreach (var ((limit, culprit), refusals) in _refused)
            {
                if (measurements.Count >= MeasuredMax) others += refusals.Attempts;
                else measurements.Add(new Measurement<long>(refusals.Attempts, new("limit", NameOf(limit)), new("culprit", culprit)));
            }
            measurements.Add(new Measurement<long>(others, new KeyValuePair<string, object?>("limit", "other"), new("culprit", "")));
            return measurements;
        }
    }

    /// <summary>As the API and metrics name it.</summary>
    public static string NameOf(SeriesLimit limit) => limit switch
    {
        SeriesLimit.Total => "total",
        SeriesLimit.Job => "job",
        SeriesLimit.Metric => "metric",
        _ => "label",
    };

    string Refuse(SeriesLimit limit, string culprit, long max, Labels labels)
    {
        var now = clock.GetUtcNow();
        Refusals refusals;
        bool tell;
        lock (_lock)
        {
            if (!_refused.TryGetValue((limit, culprit), out refusals!) || refusals.Max != max)
            {
                if (refusals is not null) Remove((limit, culprit));
                else if (_refused.Count >= CulpritsMax) Remove(_refused.MinBy(static pair => pair.Value.Last).Key);
                _refused[(limit, culprit)] = refusals = new Refusals(max, Explain(limit, culprit, max), now);
            }
            refusals.Count(labels, now);
            tell = now >= refusals.NextLog;
            if (tell) refusals.NextLog = now + LogInterval;
        }
        if (tell) logger.LogSeriesRefused(refusals.Message, labels);
        return refusals.Message;
    }

    static string Explain(SeriesLimit limit, string culprit, long max) => limit switch
    {
        SeriesLimit.Total => $"the store has reached its limit of {max} series (vigie.yml: limits.series), "
            + $"refused new ones of job {GoText.Quote(culprit)}",
        SeriesLimit.Job => $"job {GoText.Quote(culprit)} has reached its limit of {max} series (vigie.yml: limits.series_per_job)",
        SeriesLimit.Metric => $"metric {GoText.Quote(culprit)} has reached its limit of {max} series (vigie.yml: limits.series_per_metric)",
        _ => $"label {GoText.Quote(culprit)} has reached its limit of {max} values (vigie.yml: limits.values_per_label)",
    };

    void Forget(DateTimeOffset now)
    {
        foreach (var (key, refusals) in _refused)
            if (now - refusals.Last > ForgetAfter) Remove(key);
    }

    void Remove((SeriesLimit, string) key)
    {
        if (_refused.Remove(key, out var refusals)) _forgottenAttempts += refusals.Attempts;
    }

    /// <summary>Limits, and the sizes of a store below which none of them can be reached.</summary>
    sealed class Thresholds(SeriesLimits limits)
    {
        public SeriesLimits Limits => limits;

        public long Series { get; } = Math.Min(limits.LowestOf(SeriesLimit.Total),
            Math.Min(limits.LowestOf(SeriesLimit.Job), limits.LowestOf(SeriesLimit.Metric)));

        public long Values { get; } = limits.LowestOf(SeriesLimit.Label);
    }

    /// <summary>What one culprit was refused.</summary>
    sealed class Refusals(long max, string message, DateTimeOffset since)
    {
        readonly DistinctCount _series = new();
        Labels _example = Labels.Empty;

        public long Max => max;
        public string Message => message;
        public long Attempts { get; private set; }
        public DateTimeOffset Last { get; private set; }
        public DateTimeOffset NextLog { get; set; }

        public void Count(Labels labels, DateTimeOffset now)
        {
            Attempts++;
            Last = now;
            _example = labels;
            _series.Add(labels.StableHash);
        }

        public RefusedSeries Snapshot(SeriesLimit limit, string culprit) =>
            new(limit, culprit, max, _series.Estimate(), Attempts, since, Last, _example.ToString());
    }
}
