using System.Runtime.CompilerServices;

namespace Vigie.Metrics;

/// <summary>
/// An unmanaged array that grows by pages and never moves its elements. One thread grows it; readers may use any element whose index was
/// published to them. New elements are zero.
/// </summary>
sealed unsafe class Slab<T> : IDisposable where T : unmanaged
{
    const int PageBits = 12;
    const int PageLength = 1 << PageBits;

    nint[] _pages = [];

    static nuint PageBytes => (nuint)PageLength * (nuint)sizeof(T);

    /// <summary>Elements there is room for.</summary>
    public int Capacity => _pages.Length << PageBits;

    public long Bytes => (long)Capacity * sizeof(T);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *PointerTo(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* PointerTo(int index) => (T*)Volatile.Read(ref _pages)[index >> PageBits] + (index & (PageLength - 1));

    /// <summary>Makes <paramref name="index"/> a valid one.</summary>
    public void EnsureIndex(int index)
    {
        if (index < Capacity) return;
        var pages = new nint[(index >> PageBits) + 1];
        _pages.CopyTo(pages, 0);
        for (int i = _pages.Length; i < pages.Length; i++) pages[i] = (nint)SystemMemory.Allocate(PageBytes);
        Volatile.Write(ref _pages, pages);
    }

    public void Dispose()
    {
        foreach (nint page in _pages) SystemMemory.Free((void*)page, PageBytes);
        _pages = [];
    }
}
