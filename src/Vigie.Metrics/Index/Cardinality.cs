using System.Text;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Counts series by metric name, label and label pair.</summary>
static class Cardinality
{
    public static StoreStatistics Of(IEnumerable<(string Name, string Value, int Series)> pairs, HeadStatistics head, int limit)
    {
        var byMetric = new List<NamedCount>();
        var byPair = new List<NamedCount>();
        var valuesByName = new Dictionary<string, (long Count, long Bytes)>(StringComparer.Ordinal);
        foreach (var (name, value, series) in pairs)
        {
            if (name == LabelNames.MetricName) byMetric.Add(new NamedCount(value, series));
            byPair.Add(new NamedCount($"{name}={value}", series));
            var (count, bytes) = valuesByName.GetValueOrDefault(name);
            valuesByName[name] = (count + 1, bytes + Encoding.UTF8.GetByteCount(value));
        }
        return new StoreStatistics(
            head,
            Top(byMetric, limit),
            Top(valuesByName.Select(v => new NamedCount(v.Key, v.Value.Count)), limit),
            Top(valuesByName.Select(v => new NamedCount(v.Key, v.Value.Bytes)), limit),
            Top(byPair, limit));
    }

    static NamedCount[] Top(IEnumerable<NamedCount> counts, int limit) =>
        [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Name, StringComparer.Ordinal).Take(limit)];
}
