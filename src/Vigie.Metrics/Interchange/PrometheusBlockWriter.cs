using System.Globalization;
using System.Text.Json;
using Vigie.Model;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>
/// Writes a block as Prometheus has it (tsdb/docs/format/{index,chunks,tombstones}.md): series by series, sorted by labels. The file meta.json comes
/// last: without it Prometheus leaves the folder alone, so a block that was interrupted counts for nothing.
/// </summary>
sealed class PrometheusBlockWriter : IDisposable
{
    const uint ChunksMagic = 0x85BD40DD;
    const uint IndexMagic = 0xBAAAD700;
    const uint TombstonesMagic = 0x0130BA30;
    const long SegmentBytesMax = 512L << 20;
    const int SeriesAlignment = 16;

    readonly IFileSystem _files;
    readonly string _path;
    readonly string _ulid;
    readonly TimeRange _range;
    readonly PrometheusChunkEncoder _encoder = new();
    readonly ByteBuffer _buffer = new(4096);
    readonly List<(Labels Labels, byte[] Chunks)> _series = [];
    readonly ByteBuffer _entries = new();
    IAppendFile? _segment;
    int _segments;
    long _chunks;

    public PrometheusBlockWriter(IFileSystem files, string directory, string ulid, TimeRange range)
    {
        _files = files;
        _ulid = ulid;
        _range = range;
        _path = Path.Combine(directory, ulid);
        files.DeleteDirectory(_path);
        files.CreateDirectory(Path.Combine(_path, "chunks"));
    }

    public int SeriesCount => _series.Count;
    public long Samples { get; private set; }

    public void Add(Labels labels, SampleColumns samples)
    {
        if (samples.Count == 0) return;
        _entries.Clear();
        int count = 0;
        long lastMax = 0, lastPlace = 0;
        for (int start = 0; start < samples.Count; count++)
        {
            int end = _encoder.EncodeNext(samples, start, samples.Count);
            long place = WriteChunk(), min = samples.Timestamps[start], max = samples.Timestamps[end - 1];
            if (count == 0) _entries.WriteSigned(min);
            else _entries.WriteVarint((ulong)(min - lastMax));
            _entries.WriteVarint((ulong)(max - min));
            if (count == 0) _entries.WriteVarint((ulong)place);
            else _entries.WriteSigned(place - lastPlace);
            (lastMax, lastPlace, start) = (max, place, end);
        }
        _buffer.Clear();
        _buffer.WriteVarint((ulong)count);
        _buffer.WriteBytes(_entries.Written);
        _series.Add((labels, _buffer.Written.ToArray()));
        Samples += samples.Count;
        _chunks += count;
    }

    /// <summary>Completes the block; on return it survives a power cut.</summary>
    public void Finish()
    {
        EndSegment();
        using (var index = _files.Create(Path.Combine(_path, "index")))
        {
            WriteIndex(index);
            index.Sync();
        }
        _buffer.Clear();
        _buffer.WriteBig(TombstonesMagic);
        _buffer.WriteByte(1);
        _buffer.WriteBig(Crc32C.Of([]));
        _files.WriteSynced(Path.Combine(_path, "tombstones"), _buffer.Written);
        _files.SyncDirectory(Path.Combine(_path, "chunks"));
        _files.WriteAtomic(Path.Combine(_path, "meta.json"), Meta());
    }

    public void Dispose() => _segment?.Dispose();

    long WriteChunk()
    {
        var data = _encoder.Data;
        if (_segment is not null && _segment.Length + data.Length + 16 > SegmentBytesMax) EndSegment();
        if (_segment is null)
        {
            _segment = _files.Create(Path.Combine(_path, "chunks", (++_segments).ToString("d6", CultureInfo.InvariantCulture)));
            _buffer.Clear();
            _buffer.WriteBig(ChunksMagic);
            _buffer.WriteBig(1u << 24);     // version 1, three bytes of padding
            _segment.Append(_buffer.Written);
        }
        long place = ((long)(_segments - 1) << 32) | _segment.Length;
        _buffer.Clear();
        _buffer.WriteVarint((ulong)data.Length);
        int start = _buffer.Length;
        _buffer.WriteByte((byte)_encoder.Encoding);
        _buffer.WriteBytes(data);
        _buffer.WriteBig(Crc32C.Of(_buffer.Written[start..]));
        _segment.Append(_buffer.Written);
        return place;
    }

    void EndSegment()
    {
        _segment?.Sync();
        _segment?.Dispose();
        _segment = null;
    }

    void WriteIndex(IAppendFile file)
    {
        _buffer.Clear();
        _buffer.WriteBig(IndexMagic);
        _buffer.WriteByte(2);
        file.Append(_buffer.Written);
        var symbols = WriteSymbols(file);
        file.Pad(SeriesAlignment);
        long seriesAt = file.Length;
        var references = WriteSeries(file, symbols);
        file.Pad(4);
        long postingsAt = file.Length;
        var table = WritePostings(file, references);
        long tableAt = file.Length;
        file.WriteSection(table);
        _buffer.Clear();
        foreach (long section in (ReadOnlySpan<long>)[5, seriesAt, 0, 0, postingsAt, tableAt]) _buffer.WriteBig((ulong)section);
        _buffer.WriteBig(Crc32C.Of(_buffer.Written));
        file.Append(_buffer.Written);
    }

    Dictionary<string, uint> WriteSymbols(IAppendFile file)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var (labels, _) in _series)
        {
            foreach (ref readonly var pair in labels.Pairs)
            {
                texts.Add(pair.Name);
                texts.Add(pair.Value);
            }
        }
        var sorted = texts.ToArray();
        Array.Sort(sorted, Labels.CompareText);
        var numbers = new Dictionary<string, uint>(sorted.Length, StringComparer.Ordinal);
        var section = new ByteBuffer(4096);
        section.WriteBig((uint)sorted.Length);
        foreach (string text in sorted)
        {
            numbers[text] = (uint)numbers.Count;
            section.WriteText(text);
        }
        file.WriteSection(section);
        return numbers;
    }

    uint[] WriteSeries(IAppendFile file, Dictionary<string, uint> symbols)
    {
        var references = new uint[_series.Count];
        var frame = new ByteBuffer();
        for (int i = 0; i < references.Length; i++)
        {
            file.Pad(SeriesAlignment);
            references[i] = checked((uint)(file.Length / SeriesAlignment));
            var (labels, chunks) = _series[i];
            _buffer.Clear();
            _buffer.WriteVarint((ulong)labels.Count);
            foreach (ref readonly var pair in labels.Pairs)
            {
                _buffer.WriteVarint(symbols[pair.Name]);
                _buffer.WriteVarint(symbols[pair.Value]);
            }
            _buffer.WriteBytes(chunks);
            frame.Clear();
            frame.WriteVarint((ulong)_buffer.Length);
            frame.WriteBytes(_buffer.Written);
            frame.WriteBig(Crc32C.Of(_buffer.Written));
            file.Append(frame.Written);
        }
        return references;
    }

    /// <returns>The table of where each list is, the one of all series (under the empty pair) first.</returns>
    ByteBuffer WritePostings(IAppendFile file, uint[] references)
    {
        var lists = new SortedDictionary<(string Name, string Value), List<uint>>(Comparer<(string Name, string Value)>.Create(static (a, b) =>
        {
            int order = Labels.CompareText(a.Name, b.Name);
            return order != 0 ? order : Labels.CompareText(a.Value, b.Value);
        }));
        lists[("", "")] = [.. references];
        for (int i = 0; i < references.Length; i++)
        {
            foreach (ref readonly var pair in _series[i].Labels.Pairs)
            {
                if (!lists.TryGetValue((pair.Name, pair.Value), out var list)) lists[(pair.Name, pair.Value)] = list = [];
                list.Add(references[i]);
            }
        }
        var table = new ByteBuffer(4096);
        table.WriteBig((uint)lists.Count);
        foreach (var (pair, list) in lists)
        {
            file.Pad(4);
            table.WriteByte(2);
            table.WriteText(pair.Name);
            table.WriteText(pair.Value);
            table.WriteVarint((ulong)file.Length);
            _buffer.Clear();
            _buffer.WriteBig((uint)list.Count);
            foreach (uint reference in list) _buffer.WriteBig(reference);
            file.WriteSection(_buffer);
        }
        return table;
    }

    byte[] Meta()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("ulid"u8, _ulid);
            json.WriteNumber("minTime"u8, _range.StartMs);
            json.WriteNumber("maxTime"u8, _range.EndMs + 1);        // the first moment behind the block
            json.WriteStartObject("stats"u8);
            json.WriteNumber("numSamples"u8, Samples);
            json.WriteNumber("numSeries"u8, _series.Count);
            json.WriteNumber("numChunks"u8, _chunks);
            json.WriteEndObject();
            json.WriteStartObject("compaction"u8);
            json.WriteNumber("level"u8, 1);
            json.WriteStartArray("sources"u8);
            json.WriteStringValue(_ulid);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteNumber("version"u8, 1);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
