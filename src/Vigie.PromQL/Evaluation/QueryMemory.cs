using System.Buffers;
using System.Runtime.CompilerServices;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// What a query holds: pooled arrays, series sets, and the count of its samples against the limit. Arrays go back to the pool when the query
/// ends, except those handed over to the result. Safe for use by the workers of one query.
/// </summary>
sealed class QueryMemory(long samplesMax) : IDisposable
{
    readonly Lock _lock = new();
    readonly HashSet<double[]> _floats = [];
    readonly List<IDisposable> _sets = [];
    long _held, _peak;

    public long PeakSamples => _peak;

    public double[] Rent(long length)
    {
        if (length > Array.MaxLength) throw new TooManySamplesException(Phases.Execution);
        var array = ArrayPool<double>.Shared.Rent((int)length);
        lock (_lock) _floats.Add(array);
        return array;
    }

    public void Return(double[] array)
    {
        lock (_lock)
            if (!_floats.Remove(array)) return;
        ArrayPool<double>.Shared.Return(array);
    }

    /// <summary>Leaves the array to the caller, who returns it to the shared pool.</summary>
    public void HandOver(double[] array)
    {
        lock (_lock) _floats.Remove(array);
    }

    public ISeriesSet Own(ISeriesSet set)
    {
        lock (_lock) _sets.Add(set);
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

    public void Dispose()
    {
        foreach (var array in _floats) ArrayPool<double>.Shared.Return(array);
        _floats.Clear();
        foreach (var set in _sets) set.Dispose();
        _sets.Clear();
    }
}

/// <summary>Where a query was when it was stopped, as Prometheus says it.</summary>
static class Phases
{
    public const string Execution = "query execution";
    public const string Evaluation = "expression evaluation";
}
