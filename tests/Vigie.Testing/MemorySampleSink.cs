using Vigie.Model;

namespace Vigie.Testing;

/// <summary>A store of samples in memory with the rules of a real one on order and duplicates. Safe for concurrent use.</summary>
public sealed class MemorySampleSink : ISampleSink
{
    readonly Lock _lock = new();
    readonly Dictionary<Labels, SeriesRef> _references = [];
    readonly List<(Labels Labels, List<(long TimestampMs, double Value)> Samples)> _series = [];
    readonly HashSet<ulong> _forgotten = [];
    readonly List<(Labels Labels, Exemplar Exemplar)> _exemplars = [];
    readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);

    /// <summary>New series beyond this number are refused.</summary>
    public int SeriesMax { get; set; } = int.MaxValue;

    /// <summary>If set, appends fail with this message.</summary>
    public string? Unavailable { get; set; }

    /// <summary>Calls of <see cref="Resolve"/>.</summary>
    public int Resolved { get; private set; }

    public int Appends { get; private set; }

    public SeriesRef Resolve(Labels labels)
    {
        lock (_lock)
        {
            Resolved++;
            if (_references.TryGetValue(labels, out var known)) return known;
            if (_references.Count >= SeriesMax) throw new SeriesLimitException($"series limit {SeriesMax} reached");
            _series.Add((labels, []));
            return _references[labels] = new SeriesRef((ulong)_series.Count);
        }
    }

    public AppendResult Append(SampleBatch batch)
    {
        lock (_lock)
        {
            if (Unavailable is { } reason) throw new StoreUnavailableException(reason);
            Appends++;
            Span<int> counts = stackalloc int[Enum.GetValues<AppendOutcome>().Length];
            for (int i = 0; i < batch.Count; i++)
            {
                var outcome = Append(batch.Series[i], batch.Timestamps[i], batch.Values[i]);
                batch.Outcomes[i] = outcome;
                counts[(int)outcome]++;
            }
            foreach (var (series, exemplar) in batch.Exemplars) _exemplars.Add((_series[(int)series.Value - 1].Labels, exemplar));
            return new AppendResult(counts[(int)AppendOutcome.Stored], counts[(int)AppendOutcome.OutOfOrder],
                counts[(int)AppendOutcome.DuplicateTimestamp], counts[(int)AppendOutcome.TooOld], counts[(int)AppendOutcome.UnknownSeries]);
        }
    }

    public void SetMetadata(string metricFamily, in MetricMetadata metadata)
    {
        lock (_lock) _metadata[metricFamily] = metadata;
    }

    /// <summary>Drops all series, as a store does after a deletion: their references are unknown from now on.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (var reference in _references.Values) _forgotten.Add(reference.Value);
            _references.Clear();
        }
    }

    public MetricMetadata? MetadataOf(string metricFamily)
    {
        lock (_lock) return _metadata.TryGetValue(metricFamily, out var metadata) ? metadata : null;
    }

    public IReadOnlyList<(Labels Labels, Exemplar Exemplar)> Exemplars
    {
        get
        {
            lock (_lock) return [.. _exemplars];
        }
    }

    /// <summary>All samples of the series with exactly these labels, oldest first.</summary>
    public IReadOnlyList<(long TimestampMs, double Value)> SamplesOf(Labels labels)
    {
        lock (_lock) return _references.TryGetValue(labels, out var reference) ? [.. _series[(int)reference.Value - 1].Samples] : [];
    }

    /// <summary>The newest sample of each series that has not gone stale.</summary>
    public IReadOnlyDictionary<Labels, double> Latest()
    {
        lock (_lock)
        {
            return _references.Where(pair => _series[(int)pair.Value.Value - 1].Samples is { Count: > 0 } samples
                && !StaleMarker.IsStale(samples[^1].Value))
                .ToDictionary(pair => pair.Key, pair => _series[(int)pair.Value.Value - 1].Samples[^1].Value);
        }
    }

    AppendOutcome Append(SeriesRef series, long timestampMs, double value)
    {
        if (series.Value == 0 || series.Value > (ulong)_series.Count
            || _forgotten.Contains(series.Value)) return AppendOutcome.UnknownSeries;
        var samples = _series[(int)series.Value - 1].Samples;
        if (samples.Count > 0 && timestampMs <= samples[^1].TimestampMs)
        {
            if (timestampMs < samples[^1].TimestampMs) return AppendOutcome.OutOfOrder;
            bool same = BitConverter.DoubleToUInt64Bits(value) == BitConverter.DoubleToUInt64Bits(samples[^1].Value);
            return same ? AppendOutcome.Stored : AppendOutcome.DuplicateTimestamp;
        }
        samples.Add((timestampMs, value));
        return AppendOutcome.Stored;
    }
}
