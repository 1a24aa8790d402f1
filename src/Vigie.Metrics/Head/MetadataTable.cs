using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Type, help and unit of metric families. Bounded: of a family the newest distinct entries are kept. Safe for concurrent use.</summary>
sealed class MetadataTable
{
    const int EntriesPerFamilyMax = 10;

    readonly Lock _lock = new();
    readonly Dictionary<string, List<MetricMetadata>> _families = new(StringComparer.Ordinal);

    public void Set(string family, in MetricMetadata metadata)
    {
        lock (_lock)
        {
            if (!_families.TryGetValue(family, out var entries)) _families[family] = entries = [];
            if (entries.Contains(metadata)) return;
            if (entries.Count == EntriesPerFamilyMax) entries.RemoveAt(0);
            entries.Add(metadata);
        }
    }

    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Snapshot()
    {
        lock (_lock)
            return _families.ToDictionary(f => f.Key, f => (IReadOnlyList<MetricMetadata>)f.Value.ToArray(), StringComparer.Ordinal);
    }
}
