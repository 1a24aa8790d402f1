using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Writes a block aside, series by series in the order of their labels; <see cref="Finish"/> syncs it and gives it its name in one step.
/// A crash before that leaves a file that the next start deletes. Memory: what the index takes (<see cref="BlockIndexBuilder"/>), not the samples.
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
    readonly ByteBuffer _chunks = new();        // of the series that is being added
    readonly BlockIndexBuilder _index = new();
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

    public int SeriesCount => _index.Count;
    public long Samples => _samples;

    /// <summary>Adds a series with its samples, ascending by time. One without samples is left out.</summary>
    public void Add(Labels labels, SampleColumns samples)
    {
        AddSamples(samples);
        EndSeries(labels.Pairs, labels.StableHash);
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
    /// <param name="labels">Sorted by name, and after those of the series before.</param>
    /// <param name="hash">As <see cref="Labels.StableHash"/>.</param>
    public void EndSeries(ReadOnlySpan<Label> labels, ulong hash)
    {
        if (_chunks.Length == 0) return;
        _index.Add(labels, hash, _chunks.Written);
        _chunks.Clear();
    }

    /// <summary>Completes the file; on return it survives a power cut under its name.</summary>
    /// <returns>Bytes of the file.</returns>
    public long Finish()
    {
        ClosePage();
        var sections = new SectionWriter(_file);
        sections.Note(BlockSection.Chunks, new SectionRange(BlockFormat.HeaderBytes, _chunkBytes, 0));
        sections.Write(BlockSection.Pages, _pages);
        sections.Write(BlockSection.Columns, _columns.Bytes);
        _index.WriteTo(sections);
        var footer = new ByteBuffer();
        BlockFormat.WriteFooter(footer, new BlockSummary(_number, SeriesCount, _samples, _minTimeMs, _maxTimeMs), sections.Sections);
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
        _index.Dispose();
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
}
