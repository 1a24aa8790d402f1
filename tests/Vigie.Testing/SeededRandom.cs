using Vigie.Model;

namespace Vigie.Testing;

/// <summary>
/// Random test data from a seed: the same seed gives the same data on every machine and version (the generator is written out here).
/// Tests take the seed as an argument, so that a failure prints it.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    ulong _state = seed;

    public ulong Seed { get; } = seed;

    /// <summary>Seeds for a theory: <paramref name="count"/> fixed ones, or the one in the environment variable VIGIE_TEST_SEED.</summary>
    public static IEnumerable<ulong> Seeds(int count)
    {
        if (ulong.TryParse(Environment.GetEnvironmentVariable("VIGIE_TEST_SEED"), out ulong chosen)) return [chosen];
        return Enumerable.Range(1, count).Select(i => (ulong)i);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public ulong NextUInt64()
    {
        unchecked
        {
            ulong z = _state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return z ^ (z >> 31);
        }
    }

    public long NextInt64() => unchecked((long)NextUInt64());

    /// <summary>From 0 to <paramref name="exclusiveMax"/> − 1.</summary>
    public int Next(int exclusiveMax) => (int)(NextUInt64() % (ulong)exclusiveMax);

    /// <summary>From <paramref name="min"/> to <paramref name="exclusiveMax"/> − 1.</summary>
    public int Next(int min, int exclusiveMax) => min + Next(exclusiveMax - min);

    public long NextInt64(long min, long exclusiveMax) => min + (long)(NextUInt64() % (ulong)(exclusiveMax - min));

    /// <summary>From 0 to 1, exclusive.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a chance of <paramref name="percent"/> in a hundred.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];

    public void Fill(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(NextUInt64() & 0xff);
    }

    public byte[] NextBytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    /// <summary>A text of the given characters.</summary>
    public string NextText(int length, string alphabet = "abcdefghijklmnopqrstuvwxyz0123456789_")
    {
        var text = new char[length];
        for (int i = 0; i < length; i++) text[i] = alphabet[Next(alphabet.Length)];
        return new string(text);
    }

    /// <summary>
    /// A sample value as they occur: integers, decimals, full-precision floats, and now and then NaN, ±Inf, −0, a staleness marker, any bits.
    /// </summary>
    public double NextSampleValue() => Next(20) switch
    {
        < 6 => Next(100_000),
        < 9 => NextInt64(-(1L << 53), 1L << 53),
        < 12 => NextInt64(-1_000_000, 1_000_000) / 100.0,
        < 16 => NextDouble() * Math.Pow(10, Next(-10, 18)),
        16 => Pick(double.NaN, double.PositiveInfinity, double.NegativeInfinity),
        17 => Pick(0.0, -0.0, double.Epsilon, double.MaxValue),
        18 => StaleMarker.Value,
        _ => BitConverter.UInt64BitsToDouble(NextUInt64()),
    };

    /// <summary>A label set with a metric name out of <paramref name="metrics"/> and up to four more labels, few values each.</summary>
    public Labels NextLabels(int metrics = 5, int valuesPerLabel = 4)
    {
        var builder = new LabelsBuilder().Set(LabelNames.MetricName, $"metric_{Next(metrics)}");
        foreach (string name in (ReadOnlySpan<string>)["job", "instance", "method", "status"])
            if (Chance(70)) builder.Set(name, $"{name}-{Next(valuesPerLabel)}");
        return builder.Build();
    }
}
