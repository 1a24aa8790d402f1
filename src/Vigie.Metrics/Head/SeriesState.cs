using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>What the head knows of one series: one cache line, no object. Label pairs are sorted by name.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
unsafe struct SeriesState
{
    /// <summary><see cref="LastTimeMs"/> of a series that has no sample yet in this process.</summary>
    public const long NoSample = long.MinValue;

    public ulong Hash;
    public long LastTimeMs;
    /// <summary>Bits of the newest value (of a histogram: a digest), to tell a repeated sample from a conflicting one.</summary>
    public ulong LastBits;
    /// <summary>The chunk being appended to; valid only while <see cref="OpenGeneration"/> is the youngest generation's number.</summary>
    public Chunk* Open;
    /// <summary><see cref="LabelCount"/> numbers of label pairs, see <see cref="PairTable"/>.</summary>
    public uint* Pairs;
    /// <summary>Changes when the slot gets another series, so that old references are recognised.</summary>
    public uint Salt;
    /// <summary>Number of the generation that <see cref="Open"/> belongs to, 0 if there is none.</summary>
    public uint OpenGeneration;
    /// <summary>Number of the youngest generation with chunks of this series, 0 if none has.</summary>
    public uint LastGeneration;
    /// <summary>The epoch of the log in which this series was last defined; 0 if in none.</summary>
    public uint DefinedInEpoch;
    public ushort LabelCount;
    public bool InUse;
}
