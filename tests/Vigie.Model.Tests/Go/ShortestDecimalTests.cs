using System.Globalization;
using System.Text;
using Vigie.Testing;

namespace Vigie.Model.Tests.Go;

public class ShortestDecimalTests
{
    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Of_HasTheDigitsOfTheRuntimesShortestForm(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 100_000; i++)
            Check(random.Next(4) switch
            {
                0 => BitConverter.UInt64BitsToDouble(random.NextUInt64() >> 1),
                1 => random.NextDouble() * 1000,
                2 => random.Next(1, 100_000) / 1000d,
                _ => Math.ScaleB(1, random.Next(-1074, 1024)),
            });
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(2.2250738585072014e-308)]
    [InlineData(9007199254740993.0)]
    [InlineData(1e23)]
    [InlineData(0.1)]
    public void Of_Edges(double value) => Check(value);

    [Theory]
    [InlineData(0.000001)]
    [InlineData(-0.00012345)]
    [InlineData(123456.789)]
    [InlineData(-1.5)]
    [InlineData(999999999999999.5)]
    [InlineData(1e15)]
    [InlineData(1e-7)]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    public void FormatSample_AsUtf8_IsTheSameText(double value)
    {
        var output = new byte[GoNumber.SampleBytesMax];
        Assert.Equal(GoNumber.FormatSample(value), Encoding.UTF8.GetString(output, 0, GoNumber.FormatSample(value, output)));
    }

    static void Check(double value)
    {
        if (!double.IsFinite(value) || value <= 0) return;
        var (digits, exponent) = ShortestDecimal.Of(value);
        string text = string.Create(CultureInfo.InvariantCulture, $"{digits}E{exponent}");
        Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        // At some powers of two the runtime drops one digit too many.
        if (double.Parse(shortest, CultureInfo.InvariantCulture) != value) return;
        string mantissa = new string([.. shortest.Split('E')[0].Where(char.IsAsciiDigit)]).Trim('0');
        Assert.True(digits.ToString(CultureInfo.InvariantCulture) == mantissa, $"{shortest}: found {digits}");
    }
}
