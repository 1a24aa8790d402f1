using System.Text;

namespace Vigie.Scrape.Tests.Loops;

public sealed class HttpResponseHeadTests
{
    static HttpResponseHead Read(string text)
    {
        var head = new HttpResponseHead();
        head.Read(Encoding.Latin1.GetBytes(text));
        return head;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\ncontent-TYPE:text/plain \r\n\r\n", 200, 12L, false, false, true, "text/plain")]
    [InlineData("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n", 200, null, true, true, true, null)]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n", 200, null, false, false, false, null)]
    [InlineData("HTTP/1.1 503 Busy\nConnection: x, Close\nContent-Type: a\nContent-Type: b\n\n", 503, null, false, false, false, "a")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\r\n folded: 1\r\nContent-Encoding: gzip, br\r\n\r\n", 200, null, false, false, true, null)]
    public void Read_TakesWhatCounts(string text, int status, long? length, bool chunked, bool gzip, bool keepsOpen, string? type)
    {
        var head = Read(text);
        Assert.Equal((status, length, chunked, gzip, keepsOpen, type),
            (head.Status, head.ContentLength, head.IsChunked, head.IsGzip, head.KeepsOpen, head.ContentType));
    }

    [Fact]
    public void Read_NotOk_KeepsTheReason() => Assert.Equal("Not Found", Read("HTTP/1.1 404 Not Found\r\n\r\n").Reason);

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    public void Read_NoHttp_Throws(string text) => Assert.Throws<HttpRequestException>(() => Read(text));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\na: b\r\n\r\nbody\n\n", 25)]
    [InlineData("HTTP/1.1 200 OK\n\nbody", 17)]
    [InlineData("HTTP/1.1 200 OK\r\na: b\r\n", 0)]
    [InlineData("", 0)]
    public void LengthIn_EndsBehindTheEmptyLine(string text, int expected) =>
        Assert.Equal(expected, HttpResponseHead.LengthIn(Encoding.Latin1.GetBytes(text)));
}
