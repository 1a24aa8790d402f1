using System.Buffers.Binary;
using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>Chunks of floats (chunks.md: XOR chunk data): number of samples 2, then bits.</summary>
static class XorChunk
{
    /// <summary>False if the bytes end before the samples do; then nothing is added.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> chunk, SampleColumns output)
    {
        if (chunk.Length < 2) return false;
        int count = BinaryPrimitives.ReadUInt16BigEndian(chunk);
        if (count == 0) return true;
        var input = new ChunkBitReader(chunk[2..]);
        output.Reserve(count, out var times, out var values);
        long time = input.ReadVarint(), delta = 0;
        var value = XorValue.After(BitConverter.UInt64BitsToDouble(input.Read(64)));
        times[0] = time;
        values[0] = value.Value;
        unchecked
        {
            for (int i = 1; i < count; i++)
            {
                delta = i == 1 ? (long)input.ReadUvarint() : delta + Varbit.ReadTime(ref input);
                time += delta;
                times[i] = time;
                values[i] = value.Read(ref input);
            }
        }
        if (input.Overrun) return false;
        output.Commit(count);
        return true;
    }

    /// <param name="times">1 to 65,535, ascending.</param>
    public static void Encode(ReadOnlySpan<long> times, ReadOnlySpan<double> values, ChunkBitWriter output)
    {
        output.Write((ulong)times.Length, 16);
        output.WriteVarint(times[0]);
        output.WriteDouble(values[0]);
        var value = XorValue.After(values[0]);
        long delta = 0;
        unchecked
        {
            for (int i = 1; i < times.Length; i++)
            {
                long next = times[i] - times[i - 1];
                if (i == 1) output.WriteUvarint((ulong)next);
                else Varbit.WriteTime(output, next - delta);
                delta = next;
                value.Write(output, values[i]);
            }
        }
    }
}
