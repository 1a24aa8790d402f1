namespace Vigie.Testing;

/// <summary>What code allocates, counted on the calling thread.</summary>
public static class Allocations
{
    const int Tries = 5;

    /// <summary>
    /// Bytes that an action allocates, run several times: the least of them. A garbage collection on behalf of another test makes the runtime
    /// count what is left of the thread's own buffer, up to 8 KiB, as allocated.
    /// </summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
