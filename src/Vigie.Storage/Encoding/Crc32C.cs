using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Vigie.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where there is one.</summary>
public static class Crc32C
{
    const uint ReversedPolynomial = 0x82F63B78;
    static readonly uint[] Table = MakeTable();

    /// <summary>Checksum of <paramref name="bytes"/>, continuing from <paramref name="start"/> (the checksum of what came before).</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint start = 0)
    {
        if (Sse42.X64.IsSupported) return ~WithSse42(~start, bytes);
        if (ArmCrc32.Arm64.IsSupported) return ~WithArm(~start, bytes);
        return ~Scalar(~start, bytes);
    }

    /// <summary>The same by table, one byte at a time: the twin the tests compare with.</summary>
    internal static uint OfScalar(ReadOnlySpan<byte> bytes, uint start = 0) => ~Scalar(~start, bytes);

    static uint WithSse42(uint crc, ReadOnlySpan<byte> bytes)
    {
        ulong wide = crc;
        while (bytes.Length >= 8)
        {
            wide = Sse42.X64.Crc32(wide, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        crc = unchecked((uint)wide);
        foreach (byte b in bytes) crc = Sse42.Crc32(crc, b);
        return crc;
    }

    static uint WithArm(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = ArmCrc32.Arm64.ComputeCrc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (byte b in bytes) crc = ArmCrc32.ComputeCrc32C(crc, b);
        return crc;
    }

    static uint Scalar(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) crc = Table[(byte)(crc & 0xff) ^ b] ^ (crc >> 8);
        return crc;
    }

    static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++) entry = (entry & 1) != 0 ? (entry >> 1) ^ ReversedPolynomial : entry >> 1;
            table[i] = entry;
        }
        return table;
    }
}
