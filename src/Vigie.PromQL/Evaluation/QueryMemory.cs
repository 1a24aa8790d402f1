using System.Runtime.CompilerServices;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// What a query holds: pooled arrays, series sets, and the counts of its samples and bytes against the limits. Arrays go back to the pool when the
/// query ends, except those handed over to the result. Safe for use by the workers of one query.
/// </summary>
sealed class QueryMemory(long samplesMax, long bytesMax) : IDisposable
{
    /// <summary>What a series found by a selector takes besides its samples: its place in the set, its group, its row of a result.</summary>
    const int BytesPerSeries = 64;

    readonly Lock _lock = new();
    readonly HashSet<double[]> _floats = [];
    readonly HashSet<int[]> _integers = [];
    readonly HashSet<long[]> _longs = [];
    readonly List<ISeriesSet> _sets = [];
    long _held, _peak, _bytes, _peakBytes;
    (VectorSelector Selector, int Series) _widest;

    public long PeakSamples => _peak;

    /// <summary>Most bytes held at a time, as far as they are counted.</summary>
    public long PeakBytes => _peakBytes;

    /// <summary>Bytes held now.</summary>
    public long HeldBytes => Volatile.Read(ref _bytes);

    public double[] Rent(long length) => Rent(_floats, length);

    public int[] RentIntegers(long length) => Rent(_integers, length);

    public long[] RentLongs(long length) => Rent(_longs, length);

    public void Return(double[] array) => Return(_floats, array);

    public void Return(int[] array) => Return(_integers, array);

    public void Return(long[] array) => Return(_longs, array);

    /// <summary>Leaves an array to the caller, who returns it to <see cref="NumberPool{T}.Shared"/>.</summary>
    public void HandOver(double[] array)
    {
        lock (_lock) _floats.Remove(array);
    }

    /// <inheritdoc cref="HandOver(double[])"/>
    public void HandOver(long[] array)
    {
        lock (_lock) _longs.Remove(array);
    }

    T[] Rent<T>(HashSet<T[]> mine, long length) where T : unmanaged
    {
        HoldBytes(length * Unsafe.SizeOf<T>());
        if (length > Array.MaxLength) throw new TooManySamplesException(Phases.Execution);
        var array = NumberPool<T>.Shared.Rent((int)length);
        lock (_lock) mine.Add(array);
        // What the array has beyond the length asked for is counted, too, once it is there.
        Interlocked.Add(ref _bytes, (array.Length - length) * Unsafe.SizeOf<T>());
        return array;
    }

    void Return<T>(HashSet<T[]> mine, T[] array) where T : unmanaged
    {
        lock (_lock)
            if (!mine.Remove(array)) return;
        Interlocked.Add(ref _bytes, -(long)array.Length * Unsafe.SizeOf<T>());
        NumberPool<T>.Shared.Return(array);
    }

    /// <param name="selector">What found the set; the widest one is named if the memory does not suffice. Null: none of the query's own.</param>
    public ISeriesSet Own(ISeriesSet set, VectorSelector? selector = null)
    {
        lock (_lock)
        {
            _sets.Add(set);
            if (selector is not null && set.Count > _widest.Series) _widest = (selector, set.Count);
        }
        HoldBytes((long)set.Count * BytesPerSeries);
        return set;
    }

    /// <summary>Counts samples that are now held.</summary>
    /// <exception cref="TooManySamplesException">More than the query may hold.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hold(long samples)
    {
        long held = Interlocked.Add(ref _held, samples);
        if (held > _peak) _peak = held;
        if (held > samplesMax) throw new TooManySamplesException(Phases.Execution);
    }

    /// <summary>Counts samples that are held only while something looks at them.</summary>
    public void Touch(long samples)
    {
        long held = Volatile.Read(ref _held) + samples;
        if (held > _peak) _peak = held;
        if (held > samplesMax) throw new TooManySamplesException(Phases.Execution);
    }

    public void Release(long samples) => Interlocked.Add(ref _held, -samples);

    /// <summary>Counts bytes that are now held.</summary>
    /// <exception cref="QueryMemoryException">More than the query may hold.</exception>
    void HoldBytes(long bytes)
    {
        long held = Interlocked.Add(ref _bytes, bytes);
        if (held > _peakBytes) _peakBytes = held;
        if (held > bytesMax) throw new QueryMemoryException(held, bytesMax, _widest.Selector, _widest.Series);
    }

    public void Dispose()
    {
        GiveBack(_floats);
        GiveBack(_integers);
        GiveBack(_longs);
        foreach (var set in _sets) set.Dispose();
        _sets.Clear();
    }

    static void GiveBack<T>(HashSet<T[]> mine) where T : unmanaged
    {
        foreach (var array in mine) NumberPool<T>.Shared.Return(array);
        mine.Clear();
    }
}

/// <summary>Where a query was when it was stopped, as Prometheus says it.</summary>
static class Phases
{
    public const string Execution = "query execution";
    public const string Evaluation = "expression evaluation";
}
