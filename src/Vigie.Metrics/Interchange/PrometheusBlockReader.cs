using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Vigie.Model;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>
/// Reads a block of Prometheus' (tsdb/docs/format/{index,chunks,tombstones}.md, index version 2), series by series in the order of their
/// labels. Every checksum is verified; a damaged chunk or series is left out and counted.
/// </summary>
sealed class PrometheusBlockReader : IDisposable
{
    const uint IndexMagic = 0xBAAAD700;
    const uint ChunksMagic = 0x85BD40DD;
    const uint TombstonesMagic = 0x0130BA30;
    const int TocBytes = 52;
    const int SeriesAlignment = 16;
    const int ChunksHeaderBytes = 8;

    readonly IMappedFile _index;
    readonly Dictionary<long, IMappedFile> _segments = [];
    readonly Dictionary<ulong, List<TimeRange>> _deleted = [];
    readonly string[] _symbols;
    readonly long _end;
    readonly string _path;
    long _at;

    /// <exception cref="InvalidDataException">The index is not one, or damaged; the message says where.</exception>
    public PrometheusBlockReader(IFileSystem files, string path)
    {
        _path = path;
        _index = files.Map(Path.Combine(path, "index"));
        try
        {
            if (_index.Length < 5 + TocBytes) throw Damaged($"index: {_index.Length} bytes, expected at least {5 + TocBytes}");
            var header = new GoReader(_index.Slice(0, 5));
            if (header.UInt32() != IndexMagic || header.Byte() != 2) throw Damaged("index: expected the magic baaad700 and version 2");
            var toc = _index.Slice(_index.Length - TocBytes, TocBytes);
            if (Crc32C.Of(toc[..^4]) != BinaryPrimitives.ReadUInt32BigEndian(toc[^4..]))
                throw Damaged("index: the table of contents fails its checksum");
            var sections = new long[6];
            for (int i = 0; i < 6; i++) sections[i] = (long)BinaryPrimitives.ReadUInt64BigEndian(toc[(i * 8)..]);
            _symbols = ReadSymbols(sections[0]);
            _at = sections[1];
            _end = sections.Where(section => section > sections[1]).DefaultIfEmpty(_index.Length - TocBytes).Min();
            ReadTombstones(files, Path.Combine(path, "tombstones"));
            string chunks = Path.Combine(path, "chunks");
            foreach (string name in files.ListFiles(chunks))
            {
                if (!long.TryParse(name, CultureInfo.InvariantCulture, out long number)) continue;
                var file = files.Map(Path.Combine(chunks, name));
                _segments[number - 1] = file;
                if (file.Length < ChunksHeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(file.Slice(0, 4)) != ChunksMagic)
                    throw Damaged($"chunks/{name}: expected the magic 85bd40dd");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long DamagedChunks { get; private set; }
    public long DamagedSeries { get; private set; }

    /// <summary>The next series, with the samples that were not deleted, ascending; false behind the last.</summary>
    public bool TryRead(out Labels labels, SampleColumns samples)
    {
        labels = Labels.Empty;
        while (true)
        {
            _at = (_at + SeriesAlignment - 1) / SeriesAlignment * SeriesAlignment;
            if (_at >= _end) return false;
            long start = _at;
            var head = new GoReader(_index.Slice(_at, (int)Math.Min(10, _end - _at)));
            ulong length = head.Unsigned();
            if (length == 0 || length > (ulong)(_end - _at)) return false;
            _at += head.Position;
            var entry = _index.Slice(_at, (int)length);
            uint expected = BinaryPrimitives.ReadUInt32BigEndian(_index.Slice(_at + (int)length, 4));
            _at += (int)length + 4;
            samples.Clear();
            if (Crc32C.Of(entry) == expected && TryParse(entry, (ulong)(start / SeriesAlignment), out labels, samples)) return true;
            DamagedSeries++;
        }
    }

    public void Dispose()
    {
        _index.Dispose();
        foreach (var file in _segments.Values) file.Dispose();
    }

    bool TryParse(ReadOnlySpan<byte> bytes, ulong reference, out Labels labels, SampleColumns samples)
    {
        var input = new GoReader(bytes);
        var builder = new LabelsBuilder();
        for (int count = input.Count(2); count > 0; count--)
        {
            ulong name = input.Unsigned(), value = input.Unsigned();
            if (name >= (ulong)_symbols.Length || value >= (ulong)_symbols.Length)
            {
                labels = Labels.Empty;
                return false;
            }
            builder.Set(_symbols[name], _symbols[value]);
        }
        labels = builder.Build();
        int chunks = input.Count(3);
        long place = 0;
        for (int i = 0; i < chunks; i++)
        {
            if (i == 0) input.Signed();     // time of the first sample; the chunk says it too
            else input.Unsigned();
            input.Unsigned();
            place = i == 0 ? (long)input.Unsigned() : place + input.Signed();
            if (input.Failed) return false;
            if (!TryReadChunk(place, samples)) DamagedChunks++;
        }
        Tidy(samples, _deleted.GetValueOrDefault(reference));
        return true;
    }

    bool TryReadChunk(long place, SampleColumns samples)
    {
        if (!_segments.TryGetValue(place >> 32, out var file)) return false;
        long offset = place & uint.MaxValue;
        if (offset >= file.Length) return false;
        var head = new GoReader(file.Slice(offset, (int)Math.Min(10, file.Length - offset)));
        ulong length = head.Unsigned();
        offset += head.Position;
        if (length > int.MaxValue - 5 || offset + (long)length + 5 > file.Length) return false;
        var chunk = file.Slice(offset, (int)length + 1);
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(file.Slice(offset + chunk.Length, 4));
        return Crc32C.Of(chunk) == expected && PrometheusChunkDecoder.TryDecode((PrometheusChunkEncoding)chunk[0], chunk[1..], samples);
    }

    /// <summary>
    /// Order, each time once, without what was deleted. What chunks say of counter resets is about neighbours that may be others now: queries
    /// find resets by themselves.
    /// </summary>
    internal static void Tidy(SampleColumns samples, List<TimeRange>? deleted)
    {
        SampleOrder.Restore(samples, 0);
        foreach (var histogram in samples.MutableHistograms)
            if (histogram is not null && histogram.CounterResetHint != CounterResetHint.Gauge) histogram.CounterResetHint = CounterResetHint.Unknown;
        if (deleted is null) return;
        var tombstones = Tombstones.None;
        foreach (var range in deleted) tombstones = tombstones.With([0], range);
        tombstones.Apply(0, samples, 0);
    }

    string[] ReadSymbols(long offset)
    {
        if (offset < 0 || offset > _index.Length - 8) throw Damaged("index: the symbols lie outside the file");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_index.Slice(offset, 4));
        if (length > _index.Length - offset - 8) throw Damaged("index: the symbols are longer than the file");
        var bytes = _index.Slice(offset + 4, (int)length);
        if (Crc32C.Of(bytes) != BinaryPrimitives.ReadUInt32BigEndian(_index.Slice(offset + 4 + length, 4)))
            throw Damaged("index: the symbols fail their checksum");
        var input = new GoReader(bytes);
        uint count = input.UInt32();
        if (count > length) throw Damaged($"index: {count} symbols in {length} bytes");
        var symbols = new string[count];
        for (int i = 0; i < symbols.Length; i++) symbols[i] = Encoding.UTF8.GetString(input.Bytes(input.Unsigned()));
        return input.Failed ? throw Damaged("index: the symbols end early") : symbols;
    }

    void ReadTombstones(IFileSystem files, string path)
    {
        if (!files.FileExists(path)) return;
        byte[] bytes = files.ReadAll(path);
        if (bytes.Length < 9 || BinaryPrimitives.ReadUInt32BigEndian(bytes) != TombstonesMagic)
            throw Damaged("tombstones: expected the magic 0130ba30");
        var stones = bytes.AsSpan(5..^4);
        if (Crc32C.Of(stones) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes.Length - 4)))
            throw Damaged("tombstones: the checksum does not fit");
        var input = new GoReader(stones);
        while (!input.AtEnd)
        {
            ulong series = input.Unsigned();
            var range = new TimeRange(input.Signed(), input.Signed());
            if (input.Failed) break;
            if (!_deleted.TryGetValue(series, out var ranges)) _deleted[series] = ranges = [];
            ranges.Add(range);
        }
    }

    InvalidDataException Damaged(string found) => new($"{_path}: {found}");
}
