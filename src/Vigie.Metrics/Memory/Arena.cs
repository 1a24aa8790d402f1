namespace Vigie.Metrics;

/// <summary>
/// Unmanaged memory handed out piece by piece and given back all at once. Pieces are zeroed and 8-byte aligned. One thread allocates; any
/// may read what was published to it.
/// </summary>
sealed unsafe class Arena : IDisposable
{
    const int FirstSlabBytes = 64 << 10;
    const int SlabBytesMax = 4 << 20;

    readonly List<(nint Start, int Bytes)> _slabs = [];
    byte* _next;
    int _left;
    int _slabBytes = FirstSlabBytes / 2;

    /// <summary>Bytes taken from the operating system.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>Bytes handed out.</summary>
    public long UsedBytes { get; private set; }

    /// <param name="bytes">What does not fit into a slab gets one of its own.</param>
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
        foreach (var (start, bytes) in _slabs) SystemMemory.Free((void*)start, (nuint)bytes);
        _slabs.Clear();
        _left = 0;
        ReservedBytes = UsedBytes = 0;
    }

    void AddSlab(int bytes)
    {
        _slabBytes = Math.Min(SlabBytesMax, _slabBytes * 2);
        int size = Math.Max(_slabBytes, bytes);
        _next = (byte*)SystemMemory.Allocate((nuint)size);
        _left = size;
        _slabs.Add(((nint)_next, size));
        ReservedBytes += size;
    }
}
