using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// The series of a batch that keeps coming back in the same order (a scrape target's page), with what the log's value codec remembers for
/// each. Belongs to the owner of the append lock.
/// </summary>
sealed unsafe class LogPage : IDisposable
{
    ValueCodecState* _states;
    readonly int[] _slots;

    public LogPage(uint id, ReadOnlySpan<int> slots)
    {
        Id = id;
        _slots = slots.ToArray();
        _states = (ValueCodecState*)NativeMemory.AllocZeroed((nuint)slots.Length, (nuint)sizeof(ValueCodecState));
    }

    public uint Id { get; }
    public ReadOnlySpan<int> Slots => _slots;
    public Span<ValueCodecState> States => new(_states, _slots.Length);

    /// <summary>References to the series of the slots; empty if nobody appends by them.</summary>
    public SeriesRef[] References { get; set; } = [];

    /// <summary>What <see cref="HeadIndex.Drops"/> was when the references were last found valid.</summary>
    public long ReferencesDrop { get; set; }

    /// <summary>Who remembers the page; null once it is forgotten and may not be used any more.</summary>
    public PageMemory? Owner { get; set; }

    /// <summary>The epoch of the log in which this page was last defined; 0 if in none.</summary>
    public uint DefinedInEpoch { get; set; }

    /// <summary>Number of the next sample record: a reader that missed one knows that it cannot decode those that follow.</summary>
    public uint NextSequence { get; set; }

    public long LastTimeMs { get; set; }

    /// <summary>The timestamps in the youngest generation; null before the first sample there.</summary>
    public TimeColumn? Column { get; set; }

    /// <summary>Number of the generation that <see cref="Column"/> belongs to, and in which the page was last used.</summary>
    public uint Generation { get; set; }

    /// <summary>Grows with each use of any page.</summary>
    public long LastUse { get; set; }

    /// <summary>Gives the series other numbers: those that the segment of a log has become those of the head.</summary>
    /// <returns>False if one of them has none; the page must not be used then.</returns>
    public bool TryRenumber(Dictionary<int, int> numbers)
    {
        foreach (ref int slot in _slots.AsSpan())
            if (!numbers.TryGetValue(slot, out slot)) return false;
        return true;
    }

    /// <summary>As after the definition.</summary>
    public void Reset()
    {
        States.Clear();
        NextSequence = 0;
        LastTimeMs = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_states);
        _states = null;
        Owner = null;
    }
}
