using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>The newest exemplars of all series together, up to a limit. Safe for concurrent use.</summary>
sealed class ExemplarRing(int capacity)
{
    readonly Lock _lock = new();
    readonly Queue<(Labels Series, Exemplar Exemplar)> _exemplars = new();
    readonly Dictionary<Labels, Exemplar> _newest = [];

    public int Count
    {
        get
        {
            lock (_lock) return _exemplars.Count;
        }
    }

    /// <summary>False if it is the one the series has already, or older.</summary>
    public bool IsNew(Labels series, in Exemplar exemplar)
    {
        if (capacity == 0) return false;
        lock (_lock)
            return !_newest.TryGetValue(series, out var newest) || (newest != exemplar && exemplar.TimestampMs >= newest.TimestampMs);
    }

    public void Add(Labels series, in Exemplar exemplar)
    {
        if (!IsNew(series, exemplar)) return;
        lock (_lock)
        {
            while (_exemplars.Count >= capacity) DropOldest();
            _exemplars.Enqueue((series, exemplar));
            _newest[series] = exemplar;
        }
    }

    /// <summary>Exemplars in the range of series that match any of the matcher sets, sorted by series, then by time.</summary>
    public IReadOnlyList<SeriesExemplars> Select(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range)
    {
        var found = new Dictionary<Labels, List<Exemplar>>();
        lock (_lock)
        {
            foreach (var (series, exemplar) in _exemplars)
            {
                if (!range.Contains(exemplar.TimestampMs) || !matcherSets.Any(set => set.All(m => m.Matches(series)))) continue;
                if (!found.TryGetValue(series, out var list)) found[series] = list = [];
                list.Add(exemplar);
            }
        }
        return [.. found.OrderBy(pair => pair.Key).Select(pair => new SeriesExemplars(pair.Key, [.. pair.Value.OrderBy(e => e.TimestampMs)]))];
    }

    void DropOldest()
    {
        var (series, exemplar) = _exemplars.Dequeue();
        if (_newest.TryGetValue(series, out var newest) && newest == exemplar) _newest.Remove(series);
    }
}
