using Vigie.Protocols.Compression;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Compression;

public class ZstdStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Write_InPiecesOfAnySize_DecodesToTheSame(int length)
    {
        Assert.SkipUnless(ZstdStream.IsAvailable, "libzstd is not installed");
        var random = new SeededRandom((ulong)length);
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) content[i] = (byte)random.Next(random.Next(20) + 1);
        var frame = new MemoryStream();
        await using (var stream = new ZstdStream(frame, level: 1))
        {
            for (int at = 0; at < length;)
            {
                int count = Math.Min(length - at, random.Next(1, 200_000));
                if (random.Next(2) == 0) await stream.WriteAsync(content.AsMemory(at, count), TestContext.Current.CancellationToken);
                else stream.Write(content.AsSpan(at, count));
                at += count;
            }
        }
        Assert.Equal(content, Zstd.Decode(frame.ToArray(), 4_000_000));
    }

    [Fact]
    public async Task Flush_HandsOverWhatWasWritten()
    {
        Assert.SkipUnless(ZstdStream.IsAvailable, "libzstd is not installed");
        var frame = new MemoryStream();
        await using var stream = new ZstdStream(frame, level: 1);
        await stream.WriteAsync("half of an answer"u8.ToArray(), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        Assert.True(frame.Length > 10);
    }
}
