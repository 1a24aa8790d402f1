using System.Buffers.Binary;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Follows the kept segments of the log, one after the other, up to what is committed. Damaged records are skipped and counted, and with them
/// what depends on them. Allocates for series, histograms and exemplars, not for samples. One thread.
/// </summary>
sealed class SampleLogReader(IFileSystem files, KeptSegments kept, Func<LogPosition> committed, ulong fromSegment) : ISampleLogReader
{
    /// <summary>Bytes read from a file at a time; a longer record is read whole.</summary>
    const int ReadBytes = 1 << 20;
    const int FrameBytes = 8;

    readonly LogRecordDecoder _decoder = new();
    IReadFile? _file;
    ulong _segment = fromSegment;
    byte[] _buffer = new byte[ReadBytes];
    int _at;                // next unread byte of the buffer
    int _filled;
    long _bufferOffset;     // of the buffer's first byte in the file

    public LogPosition Position { get; private set; }
    public LogPosition Next => _file is null ? new LogPosition(_segment, 0) : new LogPosition(_segment, _bufferOffset + _at);
    public IReadOnlyList<(int Number, Labels Labels)> Series => _decoder.Series;
    public ReadOnlySpan<int> Numbers => _decoder.Numbers;
    public ReadOnlySpan<long> Timestamps => _decoder.Timestamps;
    public ReadOnlySpan<double> Values => _decoder.Values;
    public FloatHistogram? Histogram => _decoder.Histogram;
    public Exemplar Exemplar => _decoder.Exemplar;
    public long DamagedRecords { get; private set; }

    public LoggedKind Read()
    {
        while (true)
        {
            if (_file is null)
            {
                if (!OpenSegment()) return LoggedKind.None;
                Position = new LogPosition(_segment, 0);
                return LoggedKind.Segment;
            }
            // The order matters: what is committed first, then how long the file is.
            var end = committed();
            bool isLive = end.Segment <= _segment;
            long limit = !isLive ? _file.Length : end.Segment == _segment ? end.Offset : 0;
            if (!TryReadRecord(limit, out var payload))
            {
                if (isLive || !CloseSegment()) return LoggedKind.None;
                continue;
            }
            bool whole = _decoder.TryDecode(payload);
            if (!whole) DamagedRecords++;
            var kind = KindOf(_decoder.Kind, whole);
            if (kind != LoggedKind.None) return kind;
        }
    }

    /// <summary>What a record is to those who follow the log: nothing if it only defines pages, or cannot be used.</summary>
    static LoggedKind KindOf(LogRecordKind kind, bool whole) => kind switch
    {
        LogRecordKind.Series => LoggedKind.Series,
        _ when !whole => LoggedKind.None,
        LogRecordKind.PageSamples or LogRecordKind.LooseSamples => LoggedKind.Samples,
        LogRecordKind.Histograms => LoggedKind.Histogram,
        LogRecordKind.Exemplars => LoggedKind.Exemplar,
        _ => LoggedKind.None,
    };

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _decoder.Clear();
    }

    bool OpenSegment()
    {
        if (kept.First(_segment) is not { } number || number > committed().Segment) return false;
        IReadFile file;
        try
        {
            file = files.OpenRead(kept.PathOf(number));
        }
        catch (IOException) when (!files.FileExists(kept.PathOf(number)))
        {
            return false;       // given up at this moment
        }
        _decoder.Clear();
        (_file, _segment, _bufferOffset, _at, _filled) = (file, number, SegmentHeader.Size, 0, 0);
        Span<byte> header = stackalloc byte[SegmentHeader.Size];
        if (file.ReadAt(0, header) == header.Length && SegmentHeader.TryRead(header, SampleLog.SegmentKind, out _, out _)) return true;
        DamagedRecords++;
        _bufferOffset = file.Length;        // nothing in it can be read
        return true;
    }

    /// <returns>False if there is no other segment yet.</returns>
    bool CloseSegment()
    {
        if (kept.First(_segment + 1) is not { } next) return false;
        _file!.Dispose();
        _file = null;
        _segment = next;
        return true;
    }

    /// <summary>The next intact record that ends before <paramref name="limit"/>.</summary>
    bool TryReadRecord(long limit, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        while (true)
        {
            long left = limit - _bufferOffset - _at;
            if (left <= 0) return false;
            int needed = FrameBytes;
            if (_filled - _at >= FrameBytes)
            {
                uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_at));
                // A length that cannot be is damage: then all that is left is searched.
                needed = length <= LogRecords.PayloadBytesMax && FrameBytes + (long)length <= left
                    ? FrameBytes + (int)length : (int)Math.Min(left, Array.MaxLength);
            }
            if (_filled - _at < Math.Min(needed, left))
            {
                if (!Fill((int)Math.Min(left, Math.Max(needed, ReadBytes)))) return false;
                continue;
            }
            var reader = new LogSegmentReader(_buffer.AsSpan(_at, (int)Math.Min(_filled - _at, left)), start: 0);
            bool found = reader.TryRead(out payload);
            DamagedRecords += reader.DamagedRecords;
            if (!found && _filled - _at < left)
            {
                // Damaged, and the next intact record is further on than what was read.
                DamagedRecords -= reader.DamagedRecords;
                if (!Fill((int)Math.Min(left, Array.MaxLength))) return false;
                continue;
            }
            Position = new LogPosition(_segment, _bufferOffset + _at + (found ? reader.Position - FrameBytes - payload.Length : 0));
            _at = found ? _at + reader.Position : _at + (int)left;
            return found;
        }
    }

    /// <summary>Reads on until the buffer holds <paramref name="count"/> unread bytes.</summary>
    bool Fill(int count)
    {
        int unread = _filled - _at;
        if (_buffer.Length < count)
        {
            var larger = new byte[count];
            _buffer.AsSpan(_at, unread).CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_at, unread).CopyTo(_buffer);
        }
        _bufferOffset += _at;
        (_at, _filled) = (0, unread);
        int read = _file!.ReadAt(_bufferOffset + unread, _buffer.AsSpan(unread, count - unread));
        _filled += read;
        return read > 0;
    }
}
