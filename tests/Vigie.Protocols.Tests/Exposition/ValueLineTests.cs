using System.Globalization;
using System.Text;
using Vigie.Protocols.Exposition;

namespace Vigie.Protocols.Tests.Exposition;

public sealed class ValueLineTests
{
    static bool TryRead(string number, string rest, out double value, out int length) =>
        ValueLine.TryRead(Encoding.ASCII.GetBytes(number + rest + new string('#', ValueLine.Room)), out value, out length);

    static void CheckSame(string number)
    {
        bool isRead = TryRead(number, "\n", out double value, out int length);
        double expected = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.True(isRead, number);
        Assert.Equal(number.Length, length);
        Assert.True(BitConverter.DoubleToUInt64Bits(expected) == BitConverter.DoubleToUInt64Bits(value), $"{number}: {value:r}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-0")]
    [InlineData("-3")]
    [InlineData("10")]
    [InlineData("1.5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e+06")]
    [InlineData("1.234567e+06")]
    [InlineData("7.838067436463796e-05")]
    [InlineData("0.0004856200656151987")]
    [InlineData("1234567890123456")]
    [InlineData("123456789012345.6")]
    [InlineData("12345678901234567")]
    [InlineData("1234567890123456.7")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.5")]
    [InlineData("9999999999999999999")]
    [InlineData("0.30000000000000004")]
    [InlineData("18446744073709551615")]
    [InlineData("0.0000000000000000001234")]
    [InlineData("1e-20")]
    [InlineData("1E5")]
    [InlineData("-1.7976931348623e+60")]
    public void TryRead_Decimal_IsTheNearestDouble(string number) => CheckSame(number);

    [Theory]
    [InlineData("NaN", "\n")]
    [InlineData("+Inf", "\n")]
    [InlineData("1", " 1700000000000\n")]
    [InlineData("12", " \n")]
    [InlineData("12", "\r\n")]
    [InlineData("1.2.3", "\n")]
    [InlineData(".", "\n")]
    [InlineData("-", "\n")]
    [InlineData("1e", "\n")]
    [InlineData("1e.5", "\n")]
    [InlineData("1e5e5", "\n")]
    [InlineData("0x10", "\n")]
    [InlineData("1_000", "\n")]
    [InlineData("", "\n")]
    [InlineData("1e400", "\n")]
    [InlineData("5e-324", "\n")]
    [InlineData("98765432109876543210", "\n")]
    [InlineData("184467440737095516.16", "\n")]
    [InlineData("0.0000000000000000000001234", "\n")]
    [InlineData("1234567890123456x", "\n")]
    [InlineData("123456789012345678901234567890123", "\n")]
    public void TryRead_AnythingElse_IsLeftToOthers(string number, string rest) => Assert.False(TryRead(number, rest, out _, out _));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20260601)]
    public void TryRead_ManyNumbers_AsTheLibraryReadsThem(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(value) || Math.Abs(value) is > 1e50 or < 1e-40) value = random.NextDouble() * Math.Pow(10, random.Next(-12, 20));
            CheckSame(value.ToString("r", CultureInfo.InvariantCulture));
            CheckSame(Math.Round(random.NextDouble() * 1e6, random.Next(0, 6)).ToString(CultureInfo.InvariantCulture));
            CheckSame(random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 18))).ToString(CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void TryRead_HalfwayBetweenTwoDoubles_RoundsToEven(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            // 2^53 < n < 2^54 and odd: between two doubles.
            long between = ((1L << 53) + random.NextInt64(1L << 53)) | 1;
            CheckSame(between.ToString(CultureInfo.InvariantCulture));
            CheckSame((between - 1).ToString(CultureInfo.InvariantCulture));
        }
    }
}
