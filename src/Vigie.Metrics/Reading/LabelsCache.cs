using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// The label sets queries asked for last, so that the same question does not make them anew each time. Bounded: a place holds the series that came
/// to it last. Safe for concurrent use.
/// </summary>
sealed class LabelsCache
{
    const int Places = 1 << 16;

    sealed record Entry(ulong Owner, int Index, Labels Labels);

    /// <summary>Null until the first query.</summary>
    Entry?[]? _entries;

    /// <param name="owner">Together with <paramref name="index"/> never used for another label set.</param>
    public Labels? Find(ulong owner, int index)
    {
        var entries = Volatile.Read(ref _entries);
        var entry = entries is null ? null : Volatile.Read(ref entries[PlaceOf(owner, index)]);
        return entry is not null && entry.Index == index && entry.Owner == owner ? entry.Labels : null;
    }

    public Labels Keep(ulong owner, int index, Labels labels)
    {
        var entries = Volatile.Read(ref _entries);
        if (entries is null)
        {
            // Two first queries at once may each make one; one of them is forgotten.
            entries = new Entry?[Places];
            Volatile.Write(ref _entries, entries);
        }
        Volatile.Write(ref entries[PlaceOf(owner, index)], new Entry(owner, index, labels));
        return labels;
    }

    /// <summary>Neighbours lie side by side: up to as many series as there are places share none.</summary>
    static int PlaceOf(ulong owner, int index) => unchecked((int)((ulong)index + (owner >> 32) * 0x9e37) & (Places - 1));

    /// <summary>The owner of a slot of the head, for as long as it has this series.</summary>
    public static ulong HeadOwner(uint salt) => salt;

    /// <param name="identity">At least 1.</param>
    public static ulong BlockOwner(uint identity) => (ulong)identity << 32;
}
