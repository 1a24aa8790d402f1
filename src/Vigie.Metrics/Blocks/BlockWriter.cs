using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Writes a block aside, series by series in the order of their labels; <see cref="Finish"/> syncs it and gives it its name in one step.
/// A crash before that leaves a file that the next start deletes. Memory: what the index takes, not the samples.
/// </summary>
sealed class BlockWriter : IDisposable
{
    readonly IFileSystem _files;
    readonly string _path;
    readonly ulong _number;
    readonly IAppendFile _file;
    readonly ChunkEncoder _encoder = new();
    readonly TimestampColumns _columns = new();
    readonly ByteBuffer _page = new(BlockFormat.PageBytes * 2);
    readonly ByteBuffer _pages = new();
    readonly ByteBuffer _chunks = new();
    readonly List<Labels> _labels = [];
    readonly List<int> _chunksEnd = [];
    long _chunkBytes;
    long _samples;
    long _minTimeMs = long.MaxValue;
    long _maxTimeMs = long.MinValue;
    bool _finished;

    public BlockWriter(IFileSystem files, string path, ulong number)
    {
        _files = files;
        _path = path;
        _number = number;
        _file = files.Create(path + DurableWrites.UnfinishedSuffix);
        Span<byte> header = stackalloc byte[BlockFormat.HeaderBytes];
        BlockFormat.WriteHeader(header, number);
        _file.Append(header);
    }

    public int SeriesCount => _labels.Count;
    public long Samples => _samples;

    /// <summary>Adds a series with its samples, ascending by time. One without samples is left out.</summary>
    public void Add(Labels labels, SampleColumns samples)
    {
        AddSamples(samples);
        EndSeries(labels);
    }

    /// <summary>Adds samples, later than all before, to the series that <see cref="EndSeries"/> will name.</summary>
    public void AddSamples(SampleColumns samples)
    {
        int start = 0;
        while (start < samples.Count)
        {
            int chunkEnd = ChunkEnd(samples, start);
            var times = samples.Timestamps[start..chunkEnd];
            int before = _page.Length;
            var encoding = samples.HasHistograms && samples.Histograms[start] is not null
                ? _encoder.Encode(samples.Histograms[start..chunkEnd], _page)
                : _encoder.Encode(samples.Values[start..chunkEnd], _page);
            EndChunk(encoding, times, before);
            start = chunkEnd;
        }
    }

    /// <summary>Adds a chunk as another block has it.</summary>
    public void AddChunk(ChunkEncoding encoding, ReadOnlySpan<long> times, ReadOnlySpan<byte> bytes)
    {
        int before = _page.Length;
        _page.WriteBytes(bytes);
        EndChunk(encoding, times, before);
    }

    /// <summary>Says whose samples were added since the last call; nothing happens if there were none.</summary>
    public void EndSeries(Labels labels)
    {
        int chunksStart = _chunksEnd.Count == 0 ? 0 : _chunksEnd[^1];
        if (_chunks.Length == chunksStart) return;
        if (_labels.Count > 0 && _labels[^1].CompareTo(labels) >= 0) throw new InvalidOperationException("BUG: series of a block out of order");
        _labels.Add(labels);
        _chunksEnd.Add(_chunks.Length);
    }

    /// <summary>Completes the file; on return it survives a power cut under its name.</summary>
    /// <returns>Bytes of the file.</returns>
    public long Finish()
    {
        ClosePage();
        var sections = new SectionRange[BlockFormat.SectionCount];
        sections[(int)BlockSection.Chunks] = new SectionRange(BlockFormat.HeaderBytes, _chunkBytes, 0);
        var symbols = new ByteBuffer(4096);
        var numbers = SymbolSection.Write(DistinctTexts(), symbols);
        var entries = new ByteBuffer(4096);
        var series = new ByteBuffer(_labels.Count * BlockFormat.SeriesRecordBytes);
        var postings = new ByteBuffer(4096);
        WriteSeries(numbers, entries, series, postings);
        WriteSection(sections, BlockSection.Pages, _pages);
        WriteSection(sections, BlockSection.Columns, _columns.Bytes);
        WriteSection(sections, BlockSection.Entries, entries);
        WriteSection(sections, BlockSection.Series, series);
        WriteSection(sections, BlockSection.Symbols, symbols);
        WriteSection(sections, BlockSection.Postings, postings);
        var footer = new ByteBuffer();
        BlockFormat.WriteFooter(footer, new BlockSummary(_number, _labels.Count, _samples, _minTimeMs, _maxTimeMs), sections);
        _file.Append(footer.Written);
        _file.Sync();
        long bytes = _file.Length;
        _file.Dispose();
        _files.RenameSynced(_path + DurableWrites.UnfinishedSuffix, _path);
        _finished = true;
        return bytes;
    }

    /// <summary>Deletes what was written if <see cref="Finish"/> did not succeed.</summary>
    public void Dispose()
    {
        if (_finished) return;
        _file.Dispose();
        try
        {
            _files.DeleteFile(_path + DurableWrites.UnfinishedSuffix);
        }
        catch (IOException)
        {
            // The next start deletes it.
        }
    }

    static int ChunkEnd(SampleColumns samples, int start)
    {
        int end = Math.Min(samples.Count, start + BlockFormat.ChunkSamplesMax);
        if (!samples.HasHistograms) return end;
        bool histogram = samples.Histograms[start] is not null;
        for (int i = start + 1; i < end; i++)
            if (samples.Histograms[i] is not null != histogram) return i;
        return end;
    }

    void EndChunk(ChunkEncoding encoding, ReadOnlySpan<long> times, int pageOffset)
    {
        new BlockChunk(encoding, _columns.Intern(times), _chunkBytes + pageOffset, _page.Length - pageOffset).Write(_chunks);
        _samples += times.Length;
        _minTimeMs = Math.Min(_minTimeMs, times[0]);
        _maxTimeMs = Math.Max(_maxTimeMs, times[^1]);
        if (_page.Length >= BlockFormat.PageBytes) ClosePage();
    }

    void ClosePage()
    {
        if (_page.Length == 0) return;
        _file.Append(_page.Written);
        _chunkBytes += _page.Length;
        _pages.WriteUInt64((ulong)_chunkBytes);
        _pages.WriteUInt32(Crc32C.Of(_page.Written));
        _page.Clear();
    }

    HashSet<string> DistinctTexts()
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var labels in _labels)
        {
            foreach (ref readonly var pair in labels.Pairs)
            {
                texts.Add(pair.Name);
                texts.Add(pair.Value);
            }
        }
        return texts;
    }

    void WriteSeries(Dictionary<string, uint> symbols, ByteBuffer entries, ByteBuffer series, ByteBuffer postings)
    {
        var lists = new SortedDictionary<uint, SortedDictionary<uint, List<int>>>();
        for (int ordinal = 0; ordinal < _labels.Count; ordinal++)
        {
            foreach (ref readonly var pair in _labels[ordinal].Pairs)
            {
                uint name = symbols[pair.Name], value = symbols[pair.Value];
                if (!lists.TryGetValue(name, out var values)) lists[name] = values = [];
                if (!values.TryGetValue(value, out var ordinals)) values[value] = ordinals = [];
                ordinals.Add(ordinal);
            }
        }
        var pairs = new Dictionary<(uint Name, uint Value), int>();
        foreach (var (name, values) in lists)
            foreach (uint value in values.Keys) pairs[(name, value)] = pairs.Count;

        int chunksStart = 0;
        for (int ordinal = 0; ordinal < _labels.Count; ordinal++)
        {
            var labels = _labels[ordinal];
            series.WriteUInt64(labels.StableHash);
            series.WriteUInt32((uint)entries.Length);
            entries.WriteVarint((ulong)labels.Count);
            int last = -1;
            foreach (ref readonly var label in labels.Pairs)
            {
                // Ascending, as labels are by name and symbols by text.
                int pair = pairs[(symbols[label.Name], symbols[label.Value])];
                entries.WriteVarint((ulong)(pair - last - 1));
                last = pair;
            }
            entries.WriteBytes(_chunks.Written[chunksStart.._chunksEnd[ordinal]]);
            chunksStart = _chunksEnd[ordinal];
        }
        PostingsSection.Write(lists, postings);
    }

    void WriteSection(SectionRange[] sections, BlockSection section, ByteBuffer bytes)
    {
        sections[(int)section] = new SectionRange(_file.Length, bytes.Length, Crc32C.Of(bytes.Written));
        _file.Append(bytes.Written);
    }
}
