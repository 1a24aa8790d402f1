using System.Collections.Concurrent;
using Vigie.Model;

namespace Vigie.Remote;

/// <summary>
/// The series of several sources in one set, sorted. A series that several have holds the samples of all; of the same moment that of the
/// first
/// source counts (prometheus storage/merge.go).
/// </summary>
sealed class MergedSeriesSet : ISeriesSet
{
    readonly ISeriesSet[] _sources;
    readonly (Labels Labels, (int Source, int Index)[] Parts)[] _series;
    readonly ConcurrentBag<Scratch> _scratch = [];

    public MergedSeriesSet(IReadOnlyList<ISeriesSet> sources, IReadOnlyList<string> warnings)
    {
        _sources = [.. sources];
        Warnings = warnings;
        var parts = new SortedDictionary<Labels, List<(int, int)>>();
        for (int s = 0; s < _sources.Length; s++)
        {
            for (int i = 0; i < _sources[s].Count; i++)
            {
                var labels = _sources[s].LabelsOf(i);
                if (!parts.TryGetValue(labels, out var list)) parts[labels] = list = [];
                list.Add((s, i));
            }
        }
        _series = [.. parts.Select(static one => (one.Key, one.Value.ToArray()))];
    }

    public IReadOnlyList<string> Warnings { get; }

    public int Count => _series.Length;

    public Labels LabelsOf(int index) => _series[index].Labels;

    public void Read(int index, SampleColumns output)
    {
        var parts = _series[index].Parts;
        if (parts.Length == 1)
        {
            _sources[parts[0].Source].Read(parts[0].Index, output);
            return;
        }
        if (!_scratch.TryTake(out var scratch)) scratch = new Scratch(_sources.Length);
        for (int p = 0; p < parts.Length; p++)
        {
            scratch.Columns[p].Clear();
            scratch.Next[p] = 0;
            _sources[parts[p].Source].Read(parts[p].Index, scratch.Columns[p]);
        }
        Merge(scratch, parts.Length, output);
        _scratch.Add(scratch);
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }

    static void Merge(Scratch scratch, int parts, SampleColumns output)
    {
        while (true)
        {
            int first = -1;
            long time = long.MaxValue;
            for (int p = 0; p < parts; p++)
            {
                var times = scratch.Columns[p].Timestamps;
                if (scratch.Next[p] == times.Length || (first >= 0 && times[scratch.Next[p]] >= time)) continue;
                (first, time) = (p, times[scratch.Next[p]]);
            }
            if (first < 0) return;
            var columns = scratch.Columns[first];
            int at = scratch.Next[first];
            long start = columns.StartTimestamps.IsEmpty ? 0 : columns.StartTimestamps[at];
            if (columns.HasHistograms && columns.Histograms[at] is { } histogram) output.Add(time, histogram, start);
            else output.Add(time, columns.Values[at], start);
            for (int p = 0; p < parts; p++)
            {
                var times = scratch.Columns[p].Timestamps;
                if (scratch.Next[p] < times.Length && times[scratch.Next[p]] == time) scratch.Next[p]++;
            }
        }
    }

    /// <summary>One reading thread's buffers.</summary>
    sealed class Scratch(int sources)
    {
        public SampleColumns[] Columns { get; } = [.. Enumerable.Range(0, sources).Select(static _ => new SampleColumns())];
        public int[] Next { get; } = new int[sources];
    }
}
