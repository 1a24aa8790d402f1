using System.Text;
using Vigie.Model;
using Vigie.Server.Surfaces.Prometheus;

namespace Vigie.Server.Tests.Surfaces.Prometheus;

public class SampleTextsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Format_WritesTimesAndValues(bool shared)
    {
        using var texts = new SampleTexts();
        long[] times = [1_700_000_000_000, 1_700_000_015_500, 1_700_000_030_001, -1];
        Check("[1700000000,\"1\"],[1700000015.500,\"1\"],[1700000030.001,\"0.1\"],[-0.001,\"NaN\"]", [1, 1, 0.1, double.NaN]);
        // The same times again, other values.
        Check("[1700000000,\"-0\"],[1700000015.500,\"0\"],[1700000030.001,\"+Inf\"],[-0.001,\"1e-07\"]", [-0.0, 0, double.PositiveInfinity, 1e-7]);

        void Check(string expected, double[] values) => Assert.Equal(expected, Format(texts, times, values, [], shared));
    }

    [Fact]
    public void Format_LeavesHistogramsOut()
    {
        using var texts = new SampleTexts();
        long[] times = [1000, 2000, 3000];
        Assert.Equal("[1,\"5\"],[3,\"5\"]", Format(texts, times, [5, 0, 5], [null, new FloatHistogram(), null], shared: true));
        Assert.Equal("", Format(texts, times[..1], [0], [new FloatHistogram()], shared: false));
    }

    [Fact]
    public void Format_LongestTexts_FitTheRoomAskedFor()
    {
        using var texts = new SampleTexts();
        long[] times = [.. Enumerable.Repeat(long.MinValue / 1024 * 1000 + 1, 3)];
        string text = Format(texts, times, [-1.2345678901234567e-300, -123456789012345.67, double.MinValue], [], shared: true);
        Assert.Equal(3, text.Count(c => c == '['));
    }

    static string Format(SampleTexts texts, long[] times, double[] values, FloatHistogram?[] histograms, bool shared)
    {
        var output = new byte[times.Length * SampleTexts.SampleBytesMax];
        return Encoding.UTF8.GetString(output, 0, texts.Format(times, values, histograms, shared, output));
    }
}
