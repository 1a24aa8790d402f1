using Vigie.Model;

namespace Vigie.Model.Tests.Templates;

public sealed class GoFloatTests
{
    [Theory]
    [InlineData(2.5, 'f', 0, "2")]
    [InlineData(3.5, 'f', 0, "4")]
    [InlineData(0.125, 'f', 2, "0.12")]
    [InlineData(0.5, 'f', 0, "0")]
    [InlineData(0.05, 'f', 1, "0.1")]
    [InlineData(999.95, 'f', 1, "1000.0")]
    [InlineData(-1.005, 'f', 2, "-1.00")]
    [InlineData(1234.5678, 'e', 3, "1.235e+03")]
    [InlineData(9.9996, 'e', 3, "1.000e+01")]
    [InlineData(0, 'e', 2, "0.00e+00")]
    [InlineData(123456, 'g', 3, "1.23e+05")]
    [InlineData(100, 'g', 4, "100")]
    [InlineData(0.00001234, 'g', 2, "1.2e-05")]
    [InlineData(99999, 'g', 4, "1e+05")]
    [InlineData(double.NaN, 'f', 2, "NaN")]
    [InlineData(double.NegativeInfinity, 'g', 2, "-Inf")]
    [InlineData(5e-324, 'e', 2, "4.94e-324")]
    public void Format(double value, char verb, int precision, string expected) => Assert.Equal(expected, GoFloat.Format(value, verb, precision));
}
