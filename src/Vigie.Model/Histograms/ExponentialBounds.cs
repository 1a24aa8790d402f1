namespace Vigie.Model;

/// <summary>
/// Upper bounds of exponential buckets: schema n divides every power of two into 2^n buckets (n &lt; 0: joins 2^−n powers of two into one).
/// Bucket i reaches from base^(i−1), exclusive, to base^i, inclusive.
/// </summary>
static class ExponentialBounds
{
    public const int SchemaMin = -4;
    public const int SchemaMax = 8;

    // 2^(2^-n) as the client libraries' bucket bounds were made with. The first is one unit in the last place below the nearest double: clients
    // and servers agree on these numbers, not on exact roots.
    static ReadOnlySpan<double> Factors =>
    [
        2, 1.414213562373095, 1.189207115002721, 1.0905077326652577, 1.0442737824274138, 1.0218971486541166, 1.0108892860517005,
        1.0054299011128027, 1.0027112750502025,
    ];

    static readonly double[][] s_fractions = BuildFractions();

    public static bool IsExponential(int schema) => schema is >= SchemaMin and <= SchemaMax;

    /// <summary>The upper bound of bucket <paramref name="index"/>. The bucket before the one for ±Inf ends at the greatest double.</summary>
    public static double Upper(int index, int schema)
    {
        if (schema < 0)
        {
            long power = (long)index << -schema;
            return power == 1024 ? double.MaxValue : ScaleB(1, power);
        }
        double fraction = s_fractions[schema][index & ((1 << schema) - 1)];
        int exponent = (index >> schema) + 1;
        return fraction == 0.5 && exponent == 1025 ? double.MaxValue : ScaleB(fraction, exponent);
    }

    /// <summary>The index in a coarser schema of the bucket that holds bucket <paramref name="index"/>.</summary>
    public static int IndexIn(int index, int schema, int coarserSchema) => ((index - 1) >> (schema - coarserSchema)) + 1;

    static double ScaleB(double value, long power) => Math.ScaleB(value, (int)Math.Clamp(power, -5000, 5000));

    /// <summary>Bounds in [0.5, 1): odd places by multiplication, even places taken from the schema before, which is more exact.</summary>
    static double[][] BuildFractions()
    {
        var all = new double[SchemaMax + 1][];
        all[0] = [0.5];
        for (int schema = 1; schema <= SchemaMax; schema++)
        {
            var bounds = new double[1 << schema];
            for (int i = 0; i < bounds.Length; i++) bounds[i] = i % 2 == 0 ? all[schema - 1][i / 2] : bounds[i - 1] * Factors[schema];
            all[schema] = bounds;
        }
        return all;
    }
}
