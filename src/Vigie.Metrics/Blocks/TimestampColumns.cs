using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>The samples of a chunk and the time they cover.</summary>
readonly record struct TimestampRun(int Samples, long MinTimeMs, long MaxTimeMs);

/// <summary>
/// The timestamp runs of a block being written, each distinct one once: the series of a target share theirs. A run is count, first, last
/// less first, kind, and, if they are not evenly spaced, the bits of <see cref="TimestampCodec"/>.
/// </summary>
sealed class TimestampColumns
{
    const byte Even = 0;
    const byte Uneven = 1;

    readonly Dictionary<UInt128, uint> _offsets = [];
    readonly BitWriter _bits = new();

    public ByteBuffer Bytes { get; } = new(4096);

    /// <returns>The run's offset in the section.</returns>
    public uint Intern(ReadOnlySpan<long> timestamps)
    {
        var key = KeyOf(timestamps);
        if (_offsets.TryGetValue(key, out uint offset)) return offset;
        offset = (uint)Bytes.Length;
        _offsets[key] = offset;
        Bytes.WriteVarint((ulong)timestamps.Length);
        Bytes.WriteSigned(timestamps[0]);
        Bytes.WriteVarint(unchecked((ulong)(timestamps[^1] - timestamps[0])));
        if (IsEven(timestamps))
        {
            Bytes.WriteByte(Even);
            return offset;
        }
        Bytes.WriteByte(Uneven);
        _bits.Clear();
        var sink = _bits.AsSink();
        var state = default(TimestampCodecState);
        foreach (long timestamp in timestamps) TimestampCodec.Encode(ref state, timestamp, ref sink);
        Bytes.WriteVarint((ulong)_bits.ByteCount);
        Bytes.WriteBits(_bits);
        return offset;
    }

    /// <summary>What a run covers; of 0 samples if there is none at the offset.</summary>
    public static TimestampRun Describe(ReadOnlySpan<byte> section, uint offset) => Describe(section, offset, out _);

    /// <returns>False if there is no run of <c>destination.Length</c> timestamps at the offset.</returns>
    public static bool TryRead(ReadOnlySpan<byte> section, uint offset, Span<long> destination)
    {
        var run = Describe(section, offset, out var input);
        if (run.Samples != destination.Length) return false;
        if (input.ReadByte() == Even)
        {
            long timestamp = run.MinTimeMs, step = run.Samples > 1 ? unchecked(run.MaxTimeMs - run.MinTimeMs) / (run.Samples - 1) : 0;
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = timestamp;
                timestamp = unchecked(timestamp + step);
            }
            return !input.Failed;
        }
        var bits = new BitReader(input.ReadBytes(input.ReadCount()));
        if (input.Failed) return false;
        var state = default(TimestampCodecState);
        for (int i = 0; i < destination.Length; i++) destination[i] = TimestampCodec.Decode(ref state, ref bits);
        return !bits.Overrun;
    }

    static TimestampRun Describe(ReadOnlySpan<byte> section, uint offset, out ByteReader input)
    {
        input = new ByteReader(offset < section.Length ? section[(int)offset..] : default);
        ulong samples = input.ReadVarint();
        long first = input.ReadSigned();
        long last = unchecked(first + (long)input.ReadVarint());
        return input.Failed || samples > BlockFormat.ChunkSamplesMax ? default : new TimestampRun((int)samples, first, last);
    }

    static bool IsEven(ReadOnlySpan<long> timestamps)
    {
        for (int i = 2; i < timestamps.Length; i++)
            if (timestamps[i] - timestamps[i - 1] != timestamps[1] - timestamps[0]) return false;
        return true;
    }

    /// <summary>Length and 128 bits of two independent hashes: runs that agree in it are taken as equal.</summary>
    static UInt128 KeyOf(ReadOnlySpan<long> timestamps)
    {
        unchecked
        {
            ulong a = 0xcbf29ce484222325 ^ (ulong)timestamps.Length, b = 0x9e3779b97f4a7c15;
            foreach (long timestamp in timestamps)
            {
                a = (a ^ (ulong)timestamp) * 0x9fb21c651e98df25;
                a ^= a >> 32;
                b = ((b << 27) | (b >> 37)) + (ulong)timestamp;
                b *= 0xbf58476d1ce4e5b9;
                b ^= b >> 29;
            }
            return new UInt128(a, b);
        }
    }
}
