using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// Unmanaged room for the pair numbers of series: 4 bytes per label and nothing around them. What is given back goes to the next series with
/// as many labels. Guarded by the index lock of <see cref="HeadIndex"/>.
/// </summary>
sealed unsafe class LabelMemory : IDisposable
{
    const int SlabWords = 16 << 10;
    /// <summary>Series with more labels get memory of their own.</summary>
    const int PooledLabelsMax = 64;

    readonly Stack<nint>?[] _free = new Stack<nint>?[PooledLabelsMax + 1];
    readonly List<nint> _slabs = [];
    uint* _next;
    int _left;

    /// <summary>Bytes of all slabs.</summary>
    public long Bytes => (long)_slabs.Count * SlabWords * sizeof(uint);

    public uint* Rent(int labels)
    {
        if (labels > PooledLabelsMax) return (uint*)NativeMemory.Alloc((nuint)labels, sizeof(uint));
        if (_free[labels] is { Count: > 0 } free) return (uint*)free.Pop();
        if (labels > _left)
        {
            _next = (uint*)SystemMemory.Allocate(SlabWords * sizeof(uint));
            _left = SlabWords;
            _slabs.Add((nint)_next);
        }
        uint* room = _next;
        _next += labels;
        _left -= labels;
        return room;
    }

    public void Return(uint* room, int labels)
    {
        if (labels > PooledLabelsMax) NativeMemory.Free(room);
        else (_free[labels] ??= new Stack<nint>()).Push((nint)room);
    }

    /// <summary>Frees all but what series with very many labels have: that must have been returned.</summary>
    public void Dispose()
    {
        foreach (nint slab in _slabs) SystemMemory.Free((void*)slab, SlabWords * sizeof(uint));
        _slabs.Clear();
        _left = 0;
    }
}
