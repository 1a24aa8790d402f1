namespace Vigie.Model;

/// <summary>
/// The NaN that says "this series has ended here" (Prometheus, model/value). Other NaNs are ordinary values; compare bits, never values.
/// </summary>
public static class StaleMarker
{
    public const ulong Bits = 0x7ff0_0000_0000_0002;
    public const ulong NormalNaNBits = 0x7ff8_0000_0000_0001;

    public static double Value => BitConverter.UInt64BitsToDouble(Bits);

    /// <summary>The NaN that Prometheus writes for an ordinary "not a number".</summary>
    public static double NormalNaN => BitConverter.UInt64BitsToDouble(NormalNaNBits);

    public static bool IsStale(double value) => BitConverter.DoubleToUInt64Bits(value) == Bits;
}
