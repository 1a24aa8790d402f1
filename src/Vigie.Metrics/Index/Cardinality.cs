using System.Text;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Counts series by metric name, label and label pair.</summary>
static class Cardinality
{
    public static StoreStatistics Of(IEnumerable<(string Name, string Value, int Series)> pairs, HeadStatistics head, int limit)
    {
        var metrics = new TopCounts<string>(limit);
        var jobs = new TopCounts<string>(limit);
        var byPair = new TopCounts<Label>(limit, static pair => $"{pair.Name}={pair.Value}");
        var valuesByName = new Dictionary<string, (long Count, long Bytes)>(StringComparer.Ordinal);
        foreach (var (name, value, series) in pairs)
        {
            if (name == LabelNames.MetricName) metrics.Add(value, series);
            else if (name == LabelNames.Job) jobs.Add(value, series);
            byPair.Add(new Label(name, value), series);
            var (count, bytes) = valuesByName.GetValueOrDefault(name);
            valuesByName[name] = (count + 1, bytes + Encoding.UTF8.GetByteCount(value));
        }
        var labels = new TopCounts<string>(limit);
        var memory = new TopCounts<string>(limit);
        foreach (var (name, (count, bytes)) in valuesByName)
        {
            labels.Add(name, count);
            memory.Add(name, bytes);
        }
        return new StoreStatistics(head, metrics.Named(), labels.Named(), memory.Named(), byPair.Named()) { SeriesCountByJob = jobs.Named() };
    }
}

/// <summary>Keeps the greatest counts; of equal ones those whose text comes first.</summary>
/// <param name="limit">How many are kept.</param>
/// <param name="text">How a thing is named; null: as it is.</param>
sealed class TopCounts<T>(int limit, Func<T, string>? text = null) where T : notnull
{
    readonly PriorityQueue<T, (long Count, string Text)> _queue = new(Comparer<(long Count, string Text)>.Create(static (left, right) =>
    {
        int order = left.Count.CompareTo(right.Count);
        return order != 0 ? order : string.CompareOrdinal(right.Text, left.Text);
    }));

    public void Add(T item, long count)
    {
        if (_queue.Count >= limit)
        {
            if (!_queue.TryPeek(out _, out var least) || count < least.Count) return;
        }
        _queue.Enqueue(item, (count, TextOf(item)));
        if (_queue.Count > limit) _queue.Dequeue();
    }

    /// <summary>Greatest first.</summary>
    public IReadOnlyList<(T Item, long Count)> Items()
    {
        var items = new List<(T, long)>(_queue.Count);
        var copy = new PriorityQueue<T, (long Count, string Text)>(_queue.UnorderedItems, _queue.Comparer);
        while (copy.TryDequeue(out var item, out var priority)) items.Add((item, priority.Count));
        items.Reverse();
        return items;
    }

    public NamedCount[] Named() => [.. Items().Select(entry => new NamedCount(TextOf(entry.Item), entry.Count))];

    string TextOf(T item) => text is null ? item.ToString()! : text(item);
}
