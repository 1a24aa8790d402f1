using System.Numerics;
using System.Runtime.CompilerServices;

namespace Vigie.PromQL;

/// <summary>
/// Arrays of numbers that outlive a query, so that the next one finds its memory made. Shared by all queries of the process; safe for concurrent
/// use. What is kept is bounded; an array that finds no room is left to the garbage collector.
/// </summary>
/// <remarks>Four sizes per power of two: at most a fifth of an array is not used. The array kept last is handed out first: it is still in the cache.</remarks>
sealed class NumberPool<T>(long bytesMax) where T : unmanaged
{
    /// <summary>Smallest array; smaller ones are not worth telling apart.</summary>
    const int LengthMin = 64;

    const int SizesPerDoubling = 4;

    readonly Lock _lock = new();
    readonly Stack<T[]>?[] _free = new Stack<T[]>?[SizesPerDoubling * 32];
    long _bytes;

    /// <summary>For the whole process.</summary>
    public static NumberPool<T> Shared { get; } = new(64 << 20);

    /// <summary>Bytes of the arrays that wait for a user.</summary>
    public long KeptBytes => Volatile.Read(ref _bytes);

    /// <summary>An array of at least <paramref name="length"/>; its contents are anything.</summary>
    public T[] Rent(int length)
    {
        int size = SizeOf(length, out int capacity);
        lock (_lock)
        {
            if (_free[size] is { } free && free.TryPop(out var known))
            {
                _bytes -= BytesOf(known);
                return known;
            }
        }
        return GC.AllocateUninitializedArray<T>(capacity);
    }

    /// <summary>Takes an array back that came from <see cref="Rent"/>; the caller must not use it any more.</summary>
    public void Return(T[] array)
    {
        int size = SizeOf(array.Length, out int capacity);
        long bytes = BytesOf(array);
        if (capacity != array.Length) return;
        lock (_lock)
        {
            if (_bytes + bytes > bytesMax) return;
            _bytes += bytes;
            (_free[size] ??= new()).Push(array);
        }
    }

    static long BytesOf(T[] array) => (long)array.Length * Unsafe.SizeOf<T>();

    /// <param name="capacity">The length of the arrays of this size.</param>
    /// <returns>Which size arrays of a length belong to.</returns>
    static int SizeOf(int length, out int capacity)
    {
        if (length <= LengthMin)
        {
            capacity = LengthMin;
            return 0;
        }
        int doubling = BitOperations.Log2((uint)length - 1);
        long unit = 1L << (doubling - 2);
        long units = (length + unit - 1) / unit;        // 5 to 8
        capacity = (int)Math.Min(units * unit, Array.MaxLength);
        return SizesPerDoubling * doubling + (int)units - 5;
    }
}
