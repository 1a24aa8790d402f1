using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>
/// Finds the series of an instrument's measurements. Tag sets seen before are found without a lock and without allocation, in
/// a hash table that only grows; the table is bounded, past the bound tag sets are resolved afresh each time.
/// </summary>
sealed class InstrumentBinding
{
    const int BucketsMin = 16; // a power of two

    readonly MetricFamily _family;
    readonly Tag[] _instrumentTags;
    readonly int _entriesMax;
    readonly Lock _lock = new();
    Entry?[] _buckets = new Entry?[BucketsMin]; // replaced and added to under _lock, read without
    int _count; // guarded by _lock

    public InstrumentBinding(Instrument instrument, MetricFamily family, int entriesMax)
    {
        _family = family;
        _instrumentTags = [.. instrument.Meter.Tags ?? [], .. instrument.Tags ?? []];
        _entriesMax = entriesMax;
    }

    public MetricFamily Family => _family;

    public void Record(double value, ReadOnlySpan<Tag> tags) => Find(tags).Record(value);

    /// <summary>Forgets all tag sets, because some of their series are gone.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            Volatile.Write(ref _buckets, new Entry?[BucketsMin]);
            _count = 0;
        }
    }

    Series Find(ReadOnlySpan<Tag> tags)
    {
        var hash = Hash(tags);
        var buckets = Volatile.Read(ref _buckets);
        for (var entry = Volatile.Read(ref buckets[hash & (buckets.Length - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && AreEqual(entry.Tags, tags)) return entry.Series;
        }
        return Resolve(tags, hash);
    }

    Series Resolve(ReadOnlySpan<Tag> tags, int hash)
    {
        var series = _family.Resolve(_instrumentTags, tags, out var isOverflow);
        if (isOverflow) return series;
        lock (_lock)
        {
            if (_count >= _entriesMax) return series;
            if (_count >= _buckets.Length) Grow();
            Insert(_buckets, hash, tags.ToArray(), series);
            _count++;
        }
        return series;
    }

    void Grow()
    {
        var larger = new Entry?[_buckets.Length * 2];
        foreach (var head in _buckets)
        {
            for (var entry = head; entry is not null; entry = entry.Next) Insert(larger, entry.Hash, entry.Tags, entry.Series);
        }
        Volatile.Write(ref _buckets, larger);
    }

    static void Insert(Entry?[] buckets, int hash, Tag[] tags, Series series)
    {
        ref var head = ref buckets[hash & (buckets.Length - 1)];
        Volatile.Write(ref head, new Entry(hash, tags, series, head));
    }

    /// <summary>Keys are few and mostly the same for an instrument: only values are worth hashing.</summary>
    static int Hash(ReadOnlySpan<Tag> tags)
    {
        var hash = tags.Length;
        foreach (ref readonly var tag in tags) hash = unchecked((hash * 31) + (tag.Value?.GetHashCode() ?? 0));
        return unchecked(hash ^ (int)((uint)hash >> 15));
    }

    static bool AreEqual(Tag[] known, ReadOnlySpan<Tag> tags)
    {
        if (known.Length != tags.Length) return false;
        for (var i = 0; i < known.Length; i++)
        {
            if (!string.Equals(known[i].Key, tags[i].Key, StringComparison.Ordinal) || !Equals(known[i].Value, tags[i].Value)) return false;
        }
        return true;
    }

    sealed record Entry(int Hash, Tag[] Tags, Series Series, Entry? Next);
}
