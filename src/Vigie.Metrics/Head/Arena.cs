using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// Unmanaged memory handed out piece by piece and given back all at once. Pieces are zeroed and 8-byte aligned. One thread allocates; any
/// may read what was published to it.
/// </summary>
sealed unsafe class Arena : IDisposable
{
    const int FirstSlabBytes = 64 << 10;
    const int SlabBytesMax = 4 << 20;

    readonly List<nint> _slabs = [];
    byte* _next;
    int _left;
    int _slabBytes = FirstSlabBytes / 2;

    /// <summary>Bytes taken from the operating system.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Bytes handed out.</summary>
    public long UsedBytes { get; private set; }

    /// <param name="bytes">At most 1 MiB.</param>
    public byte* Allocate(int bytes)
    {
        bytes = (bytes + 7) & ~7;
        if (bytes > _left) AddSlab(bytes);
        byte* piece = _next;
        _next += bytes;
        _left -= bytes;
        UsedBytes += bytes;
        return piece;
    }

    public void Dispose()
    {
        foreach (nint slab in _slabs) NativeMemory.Free((void*)slab);
        _slabs.Clear();
        _left = 0;
        ReservedBytes = UsedBytes = 0;
    }

    void AddSlab(int bytes)
    {
        _slabBytes = Math.Min(SlabBytesMax, _slabBytes * 2);
        int size = Math.Max(_slabBytes, bytes);
        // calloc: large slabs come as untouched zero pages, which cost no memory until written.
        _next = (byte*)NativeMemory.AllocZeroed((nuint)size);
        _left = size;
        _slabs.Add((nint)_next);
        ReservedBytes += size;
    }
}
