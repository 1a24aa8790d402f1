using System.Text;

namespace Vigie.Scrape.Tests.Loops;

public sealed class ChunkedBodyTests
{
    [Theory]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc", "")]
    [InlineData("3;name=\"x\"\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n", "abcde", "")]
    [InlineData("A\r\n0123456789\r\n0000\r\n\r\nnext", "0123456789", "next")]
    [InlineData("3\nabc\n0\n\n", "abc", "")]
    [InlineData("0\r\n\r\n", "", "")]
    public void Decode_WholeOrInAnyTwoPieces_GivesTheBody(string raw, string body, string after)
    {
        for (int cut = 0; cut <= raw.Length; cut++)
        {
            var chunks = new ChunkedBody();
            byte[] bytes = Encoding.ASCII.GetBytes(raw);
            int decoded = chunks.Decode(bytes.AsSpan(0, cut), out int rest);
            byte[] second = [.. bytes[decoded..(decoded + rest)], .. bytes[cut..]];
            int more = chunks.Decode(second, out rest);
            Assert.True(chunks.IsComplete, $"cut at {cut}");
            Assert.Equal(body, Encoding.ASCII.GetString([.. bytes[..decoded], .. second[..more]]));
            Assert.Equal(after, Encoding.ASCII.GetString(second.AsSpan(more, rest)));
        }
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("\r\n")]
    [InlineData("-3\r\nabc\r\n")]
    [InlineData("3 abc\r\nxyz!\r\n")]
    [InlineData("3\r\nabcd\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    public void Decode_Broken_Throws(string raw)
    {
        var chunks = new ChunkedBody();
        Assert.Throws<HttpRequestException>(() => chunks.Decode(Encoding.ASCII.GetBytes(raw), out _));
    }

    [Fact]
    public void Decode_EndlessLine_Throws()
    {
        var chunks = new ChunkedBody();
        Assert.Throws<HttpRequestException>(() => chunks.Decode(new byte[5000], out _));
    }
}
