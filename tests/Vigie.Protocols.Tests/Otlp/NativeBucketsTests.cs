using Vigie.Model;
using Vigie.Protocols.Otlp;

namespace Vigie.Protocols.Tests.Otlp;

public class NativeBucketsTests
{
    [Theory]
    [InlineData(0, 0, new ulong[] { 1, 0, 0, 0, 2, 0, 1 }, "1x1 3x3", "1 2 0 1")]
    [InlineData(0, 0, new ulong[] { 0, 0, 5 }, "1x3", "0 0 5")]
    [InlineData(0, 0, new ulong[] { 0, 0, 0, 5 }, "1x0 3x1", "5")]
    [InlineData(0, 0, new ulong[] { 1, 0 }, "1x2", "1 0")]
    [InlineData(-3, 0, new ulong[] { 1, 2 }, "-2x2", "1 2")]
    [InlineData(0, 1, new ulong[] { 0, 0, 3, 4 }, "1x2", "0 7")]
    [InlineData(5, 2, new ulong[] { 1, 2, 3, 4, 5, 6, 7, 8 }, "2x3", "6 22 8")]
    [InlineData(-1, 1, new ulong[] { 1, 2, 3 }, "0x2", "1 5")]
    [InlineData(7, 60, new ulong[] { 1, 2 }, "1x1", "3")]
    public void Lay_KeepsEveryCountInItsBucket(int first, int scaleDown, ulong[] counts, string expectedSpans, string expectedCounts)
    {
        var (spans, buckets) = NativeBuckets.Lay(counts, first, scaleDown, shift: 1);
        Assert.Equal(expectedSpans, string.Join(' ', spans.Select(span => $"{span.Offset}x{span.Length}")));
        Assert.Equal(expectedCounts, string.Join(' ', buckets));
    }

    [Fact]
    public void Lay_Random_SumsAndIndexesAreThoseOfAPlainCount()
    {
        var random = new Random(7);
        for (int round = 0; round < 500; round++)
        {
            int first = random.Next(-20, 20), down = random.Next(0, 4);
            ulong[] counts = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(3) == 0 ? (ulong)random.Next(9) : 0)];
            var expected = new SortedDictionary<int, double>();
            for (int i = 0; i < counts.Length; i++)
                if (counts[i] > 0) expected[((first + i) >> down) + 1] = expected.GetValueOrDefault(((first + i) >> down) + 1) + counts[i];
            var (spans, buckets) = NativeBuckets.Lay(counts, first, down, shift: 1);
            var found = new SortedDictionary<int, double>();
            int index = 0, at = 0;
            foreach (var span in spans)
            {
                index += span.Offset;
                for (int i = 0; i < span.Length; i++, index++, at++)
                    if (buckets[at] > 0) found[index] = buckets[at];
            }
            Assert.Equal(at, buckets.Length);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Lay_IndexBeyond32Bits_IsRefused() =>
        Assert.Contains("expected a 32-bit number", Assert.Throws<OtlpRefusal>(() => NativeBuckets.Lay([1, 2], int.MaxValue, 0, shift: 1)).Message);
}
