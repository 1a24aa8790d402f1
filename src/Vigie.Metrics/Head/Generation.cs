namespace Vigie.Metrics;

/// <summary>
/// The samples that arrived between two block writes: chunks in one arena, which is given back as a whole once they are in a block and no
/// reader is left. The youngest generation is appended to (under the append lock), older ones are frozen.
/// </summary>
sealed unsafe class Generation : RefCounted
{
    readonly Slab<nint> _newestChunk = new();
    TimeColumn[] _columns = new TimeColumn[16];
    int _columnCount;
    long _minTimeMs = long.MaxValue;
    long _maxTimeMs = long.MinValue;
    int _slotEnd;

    public Generation(uint number, ulong firstSegment)
    {
        Number = number;
        FirstSegment = firstSegment;
    }

    public uint Number { get; }

    /// <summary>No other generation of the process has had it.</summary>
    public uint Identity { get; } = ChunkSeeker.NewOwner();

    /// <summary>The first log segment that holds samples of this generation.</summary>
    public ulong FirstSegment { get; }

    public Arena Arena { get; } = new();
    public long Samples { get; private set; }
    public long Chunks { get; private set; }

    /// <summary><see cref="long.MaxValue"/> if there are no samples.</summary>
    public long MinTimeMs => Volatile.Read(ref _minTimeMs);
    /// <summary><see cref="long.MinValue"/> if there are no samples.</summary>
    public long MaxTimeMs => Volatile.Read(ref _maxTimeMs);

    /// <summary>One above the highest slot that may have chunks.</summary>
    public int SlotEnd => Volatile.Read(ref _slotEnd);

    public long Bytes => Arena.ReservedBytes + _newestChunk.Bytes;

    /// <summary>The chunk of a series begun last, null if it has none. The others follow by <see cref="Chunk.Older"/>.</summary>
    public Chunk* NewestChunkOf(int slot) => slot < SlotEnd ? (Chunk*)Volatile.Read(ref _newestChunk[slot]) : null;

    public TimeColumn ColumnOf(int id) => Volatile.Read(ref _columns)[id];

    public TimeColumn AddColumn()
    {
        if (_columnCount == _columns.Length)
        {
            var larger = new TimeColumn[_columns.Length * 2];
            _columns.CopyTo(larger, 0);
            Volatile.Write(ref _columns, larger);
        }
        var column = new TimeColumn(_columnCount);
        _columns[_columnCount++] = column;
        return column;
    }

    /// <summary>Begins a chunk and makes it visible; it has no samples yet.</summary>
    public Chunk* BeginChunk(int slot, ChunkKind kind, int column, int columnStart, long timestampMs, bool outOfOrder = false)
    {
        _newestChunk.EnsureIndex(slot);
        ref nint newest = ref _newestChunk[slot];
        var chunk = Chunk.Create(Arena, (Chunk*)newest, kind, column, columnStart, timestampMs, outOfOrder);
        Volatile.Write(ref newest, (nint)chunk);
        if (slot >= _slotEnd) Volatile.Write(ref _slotEnd, slot + 1);
        Chunks++;
        return chunk;
    }

    public void NoteSamples(int count, long minTimeMs, long maxTimeMs)
    {
        Samples += count;
        if (minTimeMs < _minTimeMs) Volatile.Write(ref _minTimeMs, minTimeMs);
        if (maxTimeMs > _maxTimeMs) Volatile.Write(ref _maxTimeMs, maxTimeMs);
    }

    protected override void GiveBack()
    {
        Arena.Dispose();
        _newestChunk.Dispose();
    }
}
