using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>
/// Frames records for a log segment. A record is: payload length 4 | CRC-32C of length and payload 4 | payload (at least one byte).
/// Several records collected here go to the file in one write. Reusable; not thread-safe.
/// </summary>
public sealed class LogRecords
{
    internal const int FrameBytes = 8;

    /// <summary>Longest payload a reader accepts.</summary>
    public const int PayloadBytesMax = 256 << 20;

    int _start = -1;

    /// <summary>Where the payload of the open record is written.</summary>
    public ByteBuffer Buffer { get; } = new(4096);

    public ReadOnlySpan<byte> Written => Buffer.Written;

    public void Clear()
    {
        Buffer.Clear();
        _start = -1;
    }

    /// <summary>Opens a record; write its payload to <see cref="Buffer"/>, then call <see cref="End"/>.</summary>
    public void Begin()
    {
        _start = Buffer.Length;
        Buffer.Extend(FrameBytes);
    }

    public void End()
    {
        int payload = Buffer.Length - _start - FrameBytes;
        if (payload is <= 0 or > PayloadBytesMax) throw new InvalidOperationException($"BUG: a log record of {payload} bytes");
        var frame = Buffer.Patch(_start, FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)payload);
        uint crc = Crc32C.Of(Buffer.Patch(_start + FrameBytes, payload), Crc32C.Of(frame[..4]));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], crc);
        _start = -1;
    }

    /// <summary>Takes back the open record.</summary>
    public void Abandon()
    {
        Buffer.Truncate(_start);
        _start = -1;
    }
}
