using System.Buffers;
using System.Buffers.Binary;
using Vigie.Protocols;
using Vigie.Storage;

namespace Vigie.Remote;

/// <summary>
/// Frames of a streamed remote read answer (prometheus storage/remote/chunked.go): length as a varint, CRC-32C big-endian, then the
/// message.
/// </summary>
static class ReadFrame
{
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        var header = output.GetSpan(Varint.BytesMax + 4);
        int at = Varint.Write(header, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[at..], Crc32C.Of(message));
        output.Advance(at + 4);
        output.Write(message);
    }

    /// <summary>Reads the next frame into a buffer that grows as needed.</summary>
    /// <returns>The message; null at the end of the stream.</returns>
    /// <exception cref="ProtocolException">A frame is too long, ends early, or has another checksum.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        Stream input, byte[][] buffer, long messageBytesMax, CancellationToken cancellation)
    {
        var header = new byte[4];
        ulong length = 0;
        for (int shift = 0; ; shift += 7)
        {
            int read = await input.ReadAsync(header.AsMemory(0, 1), cancellation).ConfigureAwait(false);
            if (read == 0 && shift == 0) return null;
            if (read == 0 || shift > 35) throw new ProtocolException("remote read: the stream ends within the length of a frame");
            length |= (ulong)(header[0] & 0x7f) << shift;
            if (header[0] < 0x80) break;
        }
        if (length > (ulong)messageBytesMax)
            throw new ProtocolException($"message size exceeded the limit {messageBytesMax} bytes; got: {length} bytes");
        if (buffer[0].Length < (int)length) buffer[0] = new byte[Math.Max((int)length, buffer[0].Length * 2)];
        var message = buffer[0].AsMemory(0, (int)length);
        try
        {
            await input.ReadExactlyAsync(header, cancellation).ConfigureAwait(false);
            await input.ReadExactlyAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new ProtocolException($"remote read: the stream ends within a frame of {length} bytes");
        }
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(header), found = Crc32C.Of(message.Span);
        if (expected != found) throw new ProtocolException($"chunkedReader: corrupted frame; checksum mismatch: found {found:x8}, expected {expected:x8}");
        return message;
    }
}
