using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Merges blocks into one, a series at a time: memory is bounded by the longest series. Deleted samples and those older than
/// <paramref name="notBeforeMs"/> stay behind.
/// </summary>
/// <param name="sources">Oldest first: of samples with the same time the older block's stays.</param>
sealed class BlockMerge(IReadOnlyList<Block> sources, long notBeforeMs)
{
    readonly int[] _next = new int[sources.Count];
    readonly Labels?[] _labels = new Labels?[sources.Count];

    public void WriteTo(BlockWriter writer, CancellationToken cancellation)
    {
        var samples = new SampleColumns();
        for (int i = 0; i < sources.Count; i++) Load(i);
        while (Smallest() is { } labels)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.Clear();
            for (int i = 0; i < sources.Count; i++)
            {
                if (_labels[i] is not { } own || own.CompareTo(labels) != 0) continue;
                sources[i].Read(_next[i], new TimeRange(notBeforeMs, long.MaxValue), samples);
                _next[i]++;
                Load(i);
            }
            SampleOrder.Restore(samples, 0);
            writer.Add(labels, samples);
        }
    }

    void Load(int source) => _labels[source] = _next[source] < sources[source].SeriesCount ? sources[source].LabelsOf(_next[source]) : null;

    Labels? Smallest()
    {
        Labels? smallest = null;
        foreach (var labels in _labels)
            if (labels is not null && (smallest is null || labels.CompareTo(smallest) < 0)) smallest = labels;
        return smallest;
    }
}
