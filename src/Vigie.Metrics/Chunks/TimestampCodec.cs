using System.Runtime.CompilerServices;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>What the timestamp codec remembers between two samples. Zero-initialised, unmanaged.</summary>
struct TimestampCodecState
{
    public long Last;
    public long Delta;
    public bool Started;
}

/// <summary>
/// Timestamps as second differences in Gorilla's classes (Pelkonen et al., VLDB 2015), zig-zag mapped; any order is allowed.
/// <c>0</c>: steady; <c>10</c> 7 bits; <c>110</c> 12 bits; <c>1110</c> 20 bits; <c>1111</c> 64 bits. The first is 64 bits.
/// </summary>
static class TimestampCodec
{
    public static void Encode<TSink>(ref TimestampCodecState state, long timestamp, ref TSink sink) where TSink : struct, IBitSink
    {
        unchecked
        {
            if (!state.Started)
            {
                state.Started = true;
                state.Last = timestamp;
                sink.Write((ulong)timestamp, 64);
                return;
            }
            long delta = timestamp - state.Last;
            ulong change = Varint.ZigZag(delta - state.Delta);
            switch (change)
            {
                case 0: sink.Write(0, 1); break;
                case < 1 << 7: sink.Write(0b01 | (change << 2), 9); break;
                case < 1 << 12: sink.Write(0b011 | (change << 3), 15); break;
                case < 1 << 20: sink.Write(0b0111 | (change << 4), 24); break;
                default:
                    sink.Write(0b1111, 4);
                    sink.Write(change, 64);
                    break;
            }
            state.Delta = delta;
            state.Last = timestamp;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Decode(ref TimestampCodecState state, ref BitReader reader)
    {
        unchecked
        {
            if (!state.Started)
            {
                state.Started = true;
                return state.Last = (long)reader.ReadLong(64);
            }
            ulong change;
            if (reader.Read(1) == 0) change = 0;
            else if (reader.Read(1) == 0) change = reader.Read(7);
            else if (reader.Read(1) == 0) change = reader.Read(12);
            else if (reader.Read(1) == 0) change = reader.Read(20);
            else change = reader.ReadLong(64);
            state.Delta += Varint.UnZigZag(change);
            return state.Last += state.Delta;
        }
    }
}
