using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>
/// Walks the records of a segment. Where a record is damaged the next intact one is looked for, byte by byte; what lies between is skipped
/// and counted: a torn tail, zeros after a power cut, a flipped bit. Nothing here throws for damaged bytes.
/// </summary>
/// <param name="segment">The segment, or a part of it that begins with a record.</param>
/// <param name="start">Where the first record begins.</param>
public ref struct LogSegmentReader(ReadOnlySpan<byte> segment, int start = SegmentHeader.Size)
{
    /// <summary>Longest record that is recognised behind damage, and bytes of checksums to compute for it: they bound the search.</summary>
    const int SearchedRecordBytesMax = 1 << 20;
    const long SearchBytesMax = 64 << 20;

    readonly ReadOnlySpan<byte> _segment = segment;
    int _at = start;
    long _searched;

    /// <summary>Behind the record read last.</summary>
    public readonly int Position => _at;

    /// <summary>Places where records were damaged.</summary>
    public int DamagedRecords { get; private set; }
    public long DamagedBytes { get; private set; }
    /// <summary>Offset of the first damage, −1 if there is none.</summary>
    public int FirstDamageOffset { get; private set; } = -1;

    public bool TryRead(out ReadOnlySpan<byte> payload)
    {
        if (IsIntact(_at, out payload))
        {
            _at += LogRecords.FrameBytes + payload.Length;
            return true;
        }
        if (_at >= _segment.Length) return false;
        int damage = _at;
        do _at++;
        while (_at < _segment.Length && !IsFound(_at, out payload));
        if (FirstDamageOffset < 0) FirstDamageOffset = damage;
        DamagedRecords++;
        DamagedBytes += _at - damage;
        if (_at >= _segment.Length) return false;
        _at += LogRecords.FrameBytes + payload.Length;
        return true;
    }

    bool IsFound(int at, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (_segment.Length - at <= LogRecords.FrameBytes) return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_segment[at..]);
        if (length > SearchedRecordBytesMax || _searched > SearchBytesMax) return false;
        if (length <= _segment.Length - at) _searched += length;
        return IsIntact(at, out payload);
    }

    readonly bool IsIntact(int at, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (_segment.Length - at <= LogRecords.FrameBytes) return false;
        var frame = _segment.Slice(at, LogRecords.FrameBytes);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        if (length == 0 || length > LogRecords.PayloadBytesMax || length > _segment.Length - at - LogRecords.FrameBytes) return false;
        var bytes = _segment.Slice(at + LogRecords.FrameBytes, (int)length);
        if (Crc32C.Of(bytes, Crc32C.Of(frame[..4])) != BinaryPrimitives.ReadUInt32LittleEndian(frame[4..])) return false;
        payload = bytes;
        return true;
    }
}
