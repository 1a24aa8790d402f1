using System.Numerics;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>
/// One double after another as the XOR with the one before (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.3; chunks.md: varbit_xor).
/// </summary>
struct XorValue
{
    const byte NoWindow = 0xff;

    ulong _bits;
    byte _leading;
    byte _trailing;

    /// <summary>The state after a value that was stored whole.</summary>
    public static XorValue After(double first) =>
        new() { _bits = BitConverter.DoubleToUInt64Bits(first), _leading = NoWindow };

    public readonly double Value => BitConverter.UInt64BitsToDouble(_bits);

    public double Read(ref ChunkBitReader input)
    {
        if (!input.ReadBit()) return Value;
        int significant;
        if (input.ReadBit())
        {
            _leading = (byte)input.Read(5);
            significant = (int)input.Read(6);
            if (significant == 0) significant = 64;
            // Malformed bytes may claim more bits than a value has.
            _trailing = (byte)Math.Max(0, 64 - _leading - significant);
        }
        else
        {
            if (_leading == NoWindow) _leading = 0;
            significant = 64 - _leading - _trailing;
        }
        _bits ^= input.Read(significant) << _trailing;
        return Value;
    }

    public void Write(ChunkBitWriter output, double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value), delta = bits ^ _bits;
        _bits = bits;
        output.WriteBit(delta != 0);
        if (delta == 0) return;
        // Five bits hold the number of leading zeros.
        byte leading = (byte)Math.Min(31, BitOperations.LeadingZeroCount(delta)), trailing = (byte)BitOperations.TrailingZeroCount(delta);
        if (_leading != NoWindow && leading >= _leading && trailing >= _trailing)
        {
            output.WriteBit(false);
            output.Write(delta >> _trailing, 64 - _leading - _trailing);
            return;
        }
        (_leading, _trailing) = (leading, trailing);
        int significant = 64 - leading - trailing;
        output.WriteBit(true);
        output.Write(leading, 5);
        output.Write((ulong)significant & 63, 6);       // 64 is written as 0
        output.Write(delta >> trailing, significant);
    }
}
