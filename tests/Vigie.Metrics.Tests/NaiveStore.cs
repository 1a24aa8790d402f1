using Vigie.Model;

namespace Vigie.Metrics.Tests;

/// <summary>The slow, obvious store that the real one is compared with: a sorted list of samples per series.</summary>
sealed class NaiveStore
{
    readonly SortedDictionary<Labels, SortedDictionary<long, double>> _series = [];

    public IEnumerable<Labels> Series => _series.Keys;

    public void Add(Labels labels, long time, double value)
    {
        if (!_series.TryGetValue(labels, out var samples)) _series[labels] = samples = [];
        samples.TryAdd(time, value);
    }

    public void Delete(Predicate<Labels> matches, TimeRange range)
    {
        foreach (var (labels, samples) in _series)
        {
            if (!matches(labels)) continue;
            foreach (long time in samples.Keys.Where(range.Contains).ToArray()) samples.Remove(time);
        }
    }

    /// <summary>The samples of the real store must be these, to the bit.</summary>
    public void ShouldEqual(ISampleSource store, string selector, TimeRange range, string context)
    {
        var matchers = StoreQueries.Matchers(selector);
        var expected = _series
            .Where(s => matchers.All(m => m.Matches(s.Key)))
            .Select(s => (s.Key, Samples: s.Value.Where(p => range.Contains(p.Key)).ToArray()))
            .Where(s => s.Samples.Length > 0)
            .ToArray();
        var actual = StoreQueries.Query(store, selector, range).Where(s => s.Samples.Count > 0).ToArray();
        Assert.True(expected.Length == actual.Length, $"{context} {selector}: {actual.Length} series, expected {expected.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Key == actual[i].Labels, $"{context} {selector}: {actual[i].Labels}, expected {expected[i].Key}");
            var want = expected[i].Samples.Select(s => (s.Key, BitConverter.DoubleToInt64Bits(s.Value)));
            var have = actual[i].Samples.Select(s => (s.T, BitConverter.DoubleToInt64Bits(s.V)));
            Assert.True(want.SequenceEqual(have), $"{context} {selector}: {actual[i].Labels} in {range} differs");
        }
    }
}
