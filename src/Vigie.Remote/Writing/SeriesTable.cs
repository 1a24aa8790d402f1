using Vigie.Model;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote;

/// <summary>
/// The series of the log segment being read, by number: relabelled and encoded once. Belongs to the thread that reads the log.
/// </summary>
/// <param name="isVersion2">Encodes for remote write 2.0.</param>
sealed class SeriesTable(IReadOnlyList<RelabelRule> rules, Labels externalLabels, bool isVersion2)
{
    readonly LabelsBuilder _builder = new();
    Entry[] _entries = new Entry[256];

    /// <summary>One series. <see cref="Encoded"/> is null if it is not to be sent, or not known.</summary>
    /// <param name="Hash">Of the labels as they are stored: which shard it belongs to must not change with relabelling.</param>
    public readonly record struct Entry(EncodedSeries? Encoded, ulong Hash, bool IsKnown);

    /// <summary>What the series were encoded with.</summary>
    public SymbolPool Pool { get; private set; } = new();

    public Entry this[int number] => (uint)number < (uint)_entries.Length ? _entries[number] : default;

    /// <summary>A segment began.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        Pool = new SymbolPool();
    }

    public void Define(int number, Labels labels)
    {
        if (number >= _entries.Length) Array.Resize(ref _entries, Math.Max(number + 1, _entries.Length * 2));
        _entries[number] = new Entry(Encode(labels), labels.StableHash, IsKnown: true);
    }

    /// <summary>Sets metadata of all series whose metric has some.</summary>
    public void SetMetadata(IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> families)
    {
        var encoded = new Dictionary<string, EncodedMetadata?>(StringComparer.Ordinal);
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Encoded is not { } series) continue;
            string metric = series.Labels.MetricName;
            if (!encoded.TryGetValue(metric, out var metadata))
                encoded[metric] = metadata = Find(families, metric) is { } found ? EncodedMetadata.Of(found, Pool) : null;
            series.Metadata = metadata;
        }
    }

    static MetricMetadata? Find(IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> families, string metric)
    {
        if (families.TryGetValue(metric, out var entries)) return entries[^1];
        foreach (string suffix in (ReadOnlySpan<string>)["_bucket", "_count", "_sum", "_total", "_info", "_created"])
            if (metric.EndsWith(suffix, StringComparison.Ordinal) && families.TryGetValue(metric[..^suffix.Length], out entries)) return entries[^1];
        return null;
    }

    EncodedSeries? Encode(Labels labels)
    {
        if (rules.Count > 0 || externalLabels.Count > 0)
        {
            _builder.Clear();
            foreach (ref readonly var label in labels.Pairs) _builder.Set(label.Name, label.Value);
            foreach (ref readonly var label in externalLabels.Pairs)
                if (!labels.Has(label.Name)) _builder.Set(label.Name, label.Value);
            if (!Relabeller.Apply(_builder, rules)) return null;
            labels = _builder.Build();
            if (labels.Count == 0) return null;
        }
        return isVersion2 ? EncodedSeries.ForV2(labels, Pool) : EncodedSeries.ForV1(labels);
    }
}
