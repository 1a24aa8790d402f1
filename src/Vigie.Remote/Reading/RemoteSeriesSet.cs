using Vigie.Model;

namespace Vigie.Remote;

/// <summary>What a remote server answered, in memory.</summary>
sealed class RemoteSeriesSet : ISeriesSet
{
    readonly (Labels Labels, SampleColumns Samples)[] _series;
    readonly TimeRange _range;

    public RemoteSeriesSet(Dictionary<Labels, SampleColumns> series, TimeRange range)
    {
        _range = range;
        _series = [.. series.Where(static one => one.Value.Count > 0).Select(static one => (one.Key, one.Value))];
        Array.Sort(_series, static (a, b) => a.Labels.CompareTo(b.Labels));
    }

    public int Count => _series.Length;

    public Labels LabelsOf(int index) => _series[index].Labels;

    /// <summary>Chunks reach over the range, and parts of a series may overlap: only what is in it, and no time twice.</summary>
    public void Read(int index, SampleColumns output)
    {
        var samples = _series[index].Samples;
        var times = samples.Timestamps;
        var histograms = samples.Histograms;
        long last = long.MinValue;
        for (int i = 0; i < times.Length; i++)
        {
            if (times[i] < _range.StartMs || times[i] > _range.EndMs || times[i] <= last) continue;
            last = times[i];
            if (!histograms.IsEmpty && histograms[i] is { } histogram) output.Add(last, histogram);
            else output.Add(last, samples.Values[i]);
        }
    }

    /// <summary>The same without some labels, sorted anew. Series that become equal are one, the first one.</summary>
    public RemoteSeriesSet Without(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return this;
        var series = new Dictionary<Labels, SampleColumns>();
        foreach (var (labels, samples) in _series)
        {
            var builder = new LabelsBuilder(labels);
            foreach (string name in names) builder.Remove(name);
            series.TryAdd(builder.Build(), samples);
        }
        return new RemoteSeriesSet(series, _range);
    }

    public void Dispose()
    {
    }
}
