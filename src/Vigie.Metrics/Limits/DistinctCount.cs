using System.Numerics;

namespace Vigie.Metrics;

/// <summary>
/// Counts how many different hashes it was given: the first few hundred exactly, more to about 3% in 1 KiB (P. Flajolet et al., HyperLogLog, 2007;
/// below a few thousand by linear counting).
/// </summary>
sealed class DistinctCount
{
    const int IndexBits = 10, Registers = 1 << IndexBits;
    const double Bias = 0.7213 / (1 + (1.079 / Registers));

    const int ExactMax = 256;

    readonly byte[] _registers = new byte[Registers];
    HashSet<ulong>? _exact = [];

    public void Add(ulong hash)
    {
        if (_exact is not null && _exact.Add(hash) && _exact.Count > ExactMax) _exact = null;
        hash = Mix(hash);
        int index = (int)(hash >> (64 - IndexBits));
        byte rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | (1UL << (IndexBits - 1))) + 1);
        if (rank > _registers[index]) _registers[index] = rank;
    }

    public long Estimate()
    {
        if (_exact is { } exact) return exact.Count;
        double sum = 0;
        int empty = 0;
        foreach (byte rank in _registers)
        {
            sum += 1.0 / (1UL << rank);
            if (rank == 0) empty++;
        }
        double estimate = Bias * Registers * Registers / sum;
        if (estimate <= 2.5 * Registers && empty > 0) estimate = Registers * Math.Log((double)Registers / empty);
        return (long)Math.Round(estimate);
    }

    /// <summary>FNV spreads badly over the upper bits (finalizer of MurmurHash3).</summary>
    static ulong Mix(ulong hash)
    {
        unchecked
        {
            hash ^= hash >> 33;
            hash *= 0xff51afd7ed558ccd;
            hash ^= hash >> 33;
            hash *= 0xc4ceb9fe1a85ec53;
            return hash ^ (hash >> 33);
        }
    }
}
