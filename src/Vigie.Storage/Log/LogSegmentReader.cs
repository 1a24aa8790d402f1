using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>
/// Walks the records of a segment. A record whose checksum is wrong is skipped and counted; where the length itself cannot be true
/// (a torn tail, zeros after a power cut) the rest is cut and counted. Nothing here throws for damaged bytes.
/// </summary>
public ref struct LogSegmentReader(ReadOnlySpan<byte> segment)
{
    readonly ReadOnlySpan<byte> _segment = segment;
    int _at = SegmentHeader.Size;

    /// <summary>Offset behind the last record that was returned or skipped.</summary>
    public readonly int Offset => _at;
    public int DamagedRecords { get; private set; }
    public long DamagedBytes { get; private set; }
    /// <summary>Offset of the first damage, −1 if there is none.</summary>
    public int FirstDamageOffset { get; private set; } = -1;

    public bool TryRead(out ReadOnlySpan<byte> payload)
    {
        while (_segment.Length - _at >= LogRecords.FrameBytes)
        {
            var frame = _segment.Slice(_at, LogRecords.FrameBytes);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame);
            if (length == 0 || length > LogRecords.PayloadBytesMax || length > _segment.Length - _at - LogRecords.FrameBytes) break;
            payload = _segment.Slice(_at + LogRecords.FrameBytes, (int)length);
            uint crc = Crc32C.Of(payload, Crc32C.Of(frame[..4]));
            bool intact = crc == BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
            if (!intact) Damaged(LogRecords.FrameBytes + (int)length);
            _at += LogRecords.FrameBytes + (int)length;
            if (intact) return true;
        }
        if (_at < _segment.Length) Damaged(_segment.Length - _at);
        _at = _segment.Length;
        payload = default;
        return false;
    }

    void Damaged(int bytes)
    {
        if (FirstDamageOffset < 0) FirstDamageOffset = _at;
        DamagedRecords++;
        DamagedBytes += bytes;
    }
}
