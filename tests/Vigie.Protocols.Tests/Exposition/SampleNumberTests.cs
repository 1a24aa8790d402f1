using System.Globalization;
using System.Text;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Exposition;

public sealed class SampleNumberTests
{
    [Theory]
    [InlineData(0, "0", "0.0")]
    [InlineData(-0.0, "-0", "-0.0")]
    [InlineData(1, "1", "1.0")]
    [InlineData(-15, "-15", "-15.0")]
    [InlineData(0.5, "0.5", "0.5")]
    [InlineData(100000, "100000", "100000.0")]
    [InlineData(1000000, "1e+06", "1e+06")]
    [InlineData(1234567, "1.234567e+06", "1.234567e+06")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001, "1e-05", "1e-05")]
    [InlineData(123.456, "123.456", "123.456")]
    [InlineData(1e300, "1e+300", "1e+300")]
    [InlineData(double.NaN, "NaN", "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf", "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf", "-Inf")]
    public void Format_LooksAsInGo(double value, string text, string openMetrics)
    {
        Span<byte> buffer = stackalloc byte[SampleNumber.LengthMax];
        Assert.Equal(text, Encoding.UTF8.GetString(buffer[..SampleNumber.Format(value, buffer)]));
        Assert.Equal(openMetrics, Encoding.UTF8.GetString(buffer[..SampleNumber.FormatOpenMetrics(value, buffer)]));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("+1.50", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1E2", 100)]
    [InlineData("-1e-2", -0.01)]
    [InlineData("12345678901234567890", 12345678901234567890.0)]
    [InlineData("iNf", double.PositiveInfinity)]
    [InlineData("-infinity", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    public void Parse_Accepts(string text, double expected)
    {
        Assert.Null(SampleNumber.Parse(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1 ")]
    [InlineData("+nan")]
    [InlineData("0x1")]
    [InlineData("1e309")]
    [InlineData("1_0")]
    [InlineData("1,5")]
    public void Parse_Refuses(string text) => Assert.NotNull(SampleNumber.Parse(Encoding.UTF8.GetBytes(text), out _));

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Format_ThenParse_GivesTheSameBits(ulong seed)
    {
        var random = new SeededRandom(seed);
        Span<byte> buffer = stackalloc byte[SampleNumber.LengthMax];
        for (int i = 0; i < 2000; i++)
        {
            double value = random.NextSampleValue();
            if (double.IsNaN(value)) continue;
            foreach (int exponentFrom in (int[])[6, 21])
            {
                var text = buffer[..SampleNumber.Format(value, buffer, exponentFrom)];
                Assert.Null(SampleNumber.Parse(text, out double back));
                Assert.Equal(BitConverter.DoubleToUInt64Bits(value), BitConverter.DoubleToUInt64Bits(back));
                Assert.Equal(value, double.Parse(Encoding.UTF8.GetString(text).Replace("Inf", "Infinity"), CultureInfo.InvariantCulture));
            }
        }
    }
}
