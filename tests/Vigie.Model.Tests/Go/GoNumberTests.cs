using System.Globalization;
using Vigie.Testing;

namespace Vigie.Model.Tests.Go;

public sealed class GoNumberTests
{
    [Theory]
    [InlineData("0x1p-2", 0.25)]
    [InlineData("0X1.8p3", 12)]
    [InlineData("-0x.8p1", -1)]
    [InlineData("0x1fffffffffffffffp0", 2305843009213693951d)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("-infinity", double.NegativeInfinity)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1E3", 1000)]
    public void TryParse_TakesWhatGoTakes(string text, double expected)
    {
        Assert.True(GoNumber.TryParse(text, out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("0x1p")]
    [InlineData("1e400")]
    [InlineData("-nan")]
    [InlineData("e5")]
    public void TryParse_RefusesWhatGoRefuses(string text) => Assert.False(GoNumber.TryParse(text, out _));

    [Theory]
    [InlineData(1e21, "1e+21", "1000000000000000000000")]
    [InlineData(123456789, "1.23456789e+08", "123456789")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(0.00001, "1e-05", "0.00001")]
    [InlineData(-0.0, "-0", "-0")]
    public void Format_PrintsAsGo(double value, string general, string @fixed)
    {
        Assert.Equal(general, GoNumber.FormatGeneral(value));
        Assert.Equal(@fixed, GoNumber.FormatFixed(value));
    }

    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AllForms_ReadBackToTheSameNumber(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 1000; i++)
        {
            double value = BitConverter.UInt64BitsToDouble(random.NextUInt64());
            if (!double.IsFinite(value)) continue;
            foreach (string text in (string[])[GoNumber.FormatFixed(value), GoNumber.FormatGeneral(value), GoNumber.FormatSample(value),
                GoNumber.FormatExponential(value)])
            {
                Assert.True(GoNumber.TryParse(text, out double back), text);
                Assert.Equal(value.ToString("R", CultureInfo.InvariantCulture), back.ToString("R", CultureInfo.InvariantCulture));
            }
        }
    }
}
