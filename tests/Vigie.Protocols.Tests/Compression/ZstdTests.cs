using Vigie.Protocols.Compression;

namespace Vigie.Protocols.Tests.Compression;

/// <summary>Frames of one raw block, written out by RFC 8878, section 3.1.</summary>
public class ZstdTests
{
    [Theory]
    [InlineData("28b52ffd" + "2003" + "190000" + "616263", "abc")]
    [InlineData("28b52ffd" + "0000" + "190000" + "616263", "abc")]      // does not say how long its content is
    [InlineData("28b52ffd" + "2003" + "190000" + "6162", null)]
    [InlineData("28b52ffd" + "0000" + "190000" + "6162", null)]
    [InlineData("28b52ffd" + "2063" + "190000" + "616263", null)]
    [InlineData("00000000", null)]
    [InlineData("", null)]
    public void Decode_KnownFrames(string frame, string? expected)
    {
        byte[] bytes = Convert.FromHexString(frame);
        if (expected is null) Assert.Throws<ProtocolException>(() => Zstd.Decode(bytes, 50));
        else Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(Zstd.Decode(bytes, 50)));
    }

    [Fact]
    public void Decode_MoreThanAllowed_IsRefused() =>
        Assert.Throws<ProtocolException>(() => Zstd.Decode(Convert.FromHexString("28b52ffd2003190000616263"), 2));
}
