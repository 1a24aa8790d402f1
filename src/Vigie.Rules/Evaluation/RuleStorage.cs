using Vigie.Model;

namespace Vigie.Rules;

/// <summary>Writes what rules give, and a staleness marker for each series that a rule gave last time and not this time.</summary>
sealed class RuleStorage(ISampleSink sink)
{
    readonly SampleBatch _batch = new();
    readonly List<RuleSample> _added = [];

    /// <exception cref="StoreUnavailableException">Nothing is stored.</exception>
    /// <exception cref="SeriesLimitException">Nothing is stored.</exception>
    public AppendResult Store(EvaluatedRule rule, List<RuleSample> samples, long timestampMs)
    {
        Begin();
        var before = rule.SeriesOfLastEvaluation;
        var now = new Dictionary<Labels, SeriesRef>(samples.Count);
        foreach (var sample in samples)
        {
            if (!before.TryGetValue(sample.Labels, out var series)) series = sink.Resolve(sample.Labels);
            now[sample.Labels] = series;
            Add(series, sample, timestampMs);
        }
        foreach (var (labels, series) in before)
            if (!now.ContainsKey(labels)) Add(series, new RuleSample(labels, StaleMarker.Value), timestampMs);
        var result = Append(now, timestampMs);
        rule.SeriesOfLastEvaluation = now;
        return result;
    }

    /// <summary>Ends series.</summary>
    /// <exception cref="StoreUnavailableException">Nothing is stored.</exception>
    public void End(IEnumerable<Labels> series, long timestampMs)
    {
        Begin();
        foreach (var labels in series) Add(sink.Resolve(labels), new RuleSample(labels, StaleMarker.Value), timestampMs);
        Append([], timestampMs);
    }

    void Begin()
    {
        _batch.Clear();
        _added.Clear();
    }

    void Add(SeriesRef series, RuleSample sample, long timestampMs)
    {
        _added.Add(sample);
        if (sample.Histogram is { } histogram) _batch.Add(series, timestampMs, histogram);
        else _batch.Add(series, timestampMs, sample.Value);
    }

    AppendResult Append(Dictionary<Labels, SeriesRef> references, long timestampMs)
    {
        if (_batch.Count == 0) return default;
        var result = sink.Append(_batch);
        if (result.UnknownSeries == 0) return result;

        // The store has dropped series since they were resolved.
        var again = new List<RuleSample>();
        for (int i = 0; i < _batch.Count; i++)
            if (_batch.OutcomeOf(i) == AppendOutcome.UnknownSeries) again.Add(_added[i]);
        Begin();
        foreach (var sample in again)
        {
            var series = sink.Resolve(sample.Labels);
            if (references.ContainsKey(sample.Labels)) references[sample.Labels] = series;
            Add(series, sample, timestampMs);
        }
        var second = sink.Append(_batch);
        return new AppendResult(result.Stored + second.Stored, result.OutOfOrder + second.OutOfOrder,
            result.DuplicateTimestamp + second.DuplicateTimestamp, result.TooOld + second.TooOld, second.UnknownSeries);
    }
}
