using System.Buffers.Binary;
using System.Text;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// An immutable block on disk, mapped. The index is checked when it is opened; chunks are checked page by page when they are first read, and
/// those of a damaged page are left out and counted: never a wrong value. Safe for concurrent use.
/// </summary>
sealed class Block : RefCounted
{
    const byte Unchecked = 0;
    const byte Intact = 1;
    const byte Damaged = 2;

    [ThreadStatic] static long[]? _times;
    [ThreadStatic] static int _timesCount;

    /// <summary>Which timestamps <see cref="_times"/> holds; no block has the identity 0.</summary>
    [ThreadStatic] static (uint Block, uint Run) _timesOf;

    readonly IMappedFile _file;
    readonly SectionRange[] _sections;
    readonly BlockSummary _summary;
    readonly string?[] _symbolTexts;
    readonly byte[] _pageStates;
    readonly Action _onDamage;
    Tombstones _tombstones = Tombstones.None;

    Block(string path, IMappedFile file, BlockSummary summary, SectionRange[] sections, Action onDamage)
    {
        Path = path;
        _file = file;
        _summary = summary;
        _sections = sections;
        _onDamage = onDamage;
        _symbolTexts = new string?[Symbols.Count];
        _pageStates = new byte[sections[(int)BlockSection.Pages].Length / BlockFormat.PageRecordBytes];
    }

    public string Path { get; }
    public ulong Number => _summary.Number;

    /// <summary>No other open block of the process has had it: numbers count within a folder.</summary>
    public uint Identity { get; } = ChunkSeeker.NewOwner();
    public int SeriesCount => _summary.Series;
    public long Samples => _summary.Samples;
    public long MinTimeMs => _summary.MinTimeMs;
    public long MaxTimeMs => _summary.MaxTimeMs;
    public long Bytes => _file.Length;

    /// <summary>What was deleted from this block; replaced as a whole.</summary>
    public Tombstones Tombstones
    {
        get => Volatile.Read(ref _tombstones);
        set => Volatile.Write(ref _tombstones, value);
    }

    SymbolSection Symbols => new(SectionBytes(BlockSection.Symbols));
    PostingsSection Postings => new(SectionBytes(BlockSection.Postings));

    /// <summary>Maps a block and checks its index.</summary>
    /// <param name="onDamage">Called once per damaged page found later.</param>
    /// <param name="problem">Null if it is whole; else what is wrong, and nothing is held open.</param>
    public static Block? TryOpen(IFileSystem files, string path, Action onDamage, out string? problem)
    {
        var file = files.Map(path);
        problem = BlockFormat.TryRead(file, out var summary, out var sections) ?? CheckIndex(file, summary, sections);
        file.ReleasePages();        // the checks have read all but the chunks
        if (problem is null) return new Block(path, file, summary, sections, onDamage);
        file.Dispose();
        return null;
    }

    /// <summary>Appends the ordinals of matching series, ascending, which is the order of their labels.</summary>
    public void Select(ReadOnlySpan<LabelMatcher> matchers, List<int> ordinals, CancellationToken cancellation)
    {
        var conditions = new List<BlockCondition>(matchers.Length);
        foreach (var matcher in matchers)
        {
            var condition = BlockCondition.Of(matcher, this, Symbols, Postings);
            if (condition.MatchesNone) return;
            if (!condition.MatchesAll) conditions.Add(condition);
        }
        cancellation.ThrowIfCancellationRequested();
        var narrowest = conditions.Where(c => c.Candidates >= 0).MinBy(c => c.Candidates);
        int first = ordinals.Count;
        if (narrowest is not null)
        {
            foreach (int pair in narrowest.Pairs) Postings.AppendSeries(pair, ordinals);
            if (narrowest.Pairs.Count > 1) ordinals.Sort(first, ordinals.Count - first, null);
            conditions.Remove(narrowest);
        }
        else
        {
            for (int ordinal = 0; ordinal < SeriesCount; ordinal++) ordinals.Add(ordinal);
        }
        if (conditions.Count == 0) return;
        int kept = first;
        for (int i = first; i < ordinals.Count; i++)
            if (Matches(ordinals[i], conditions)) ordinals[kept++] = ordinals[i];
        ordinals.RemoveRange(kept, ordinals.Count - kept);
    }

    /// <summary>−1 if the block has no such series.</summary>
    public int Find(Labels labels)
    {
        int best = -1, fewest = int.MaxValue;
        foreach (ref readonly var pair in labels.Pairs)
        {
            if (!Symbols.TryFind(pair.Name, out uint name) || !Symbols.TryFind(pair.Value, out uint value)) return -1;
            if (!Postings.TryPairs(name, out int first, out int count)) return -1;
            int found = Postings.FindPair(first, count, value);
            if (found < 0) return -1;
            if (Postings.SeriesCountAt(found) < fewest) (best, fewest) = (found, Postings.SeriesCountAt(found));
        }
        if (best < 0) return -1;
        var ordinals = new List<int>(fewest);
        Postings.AppendSeries(best, ordinals);
        foreach (int ordinal in ordinals)
            if (HashOf(ordinal) == labels.StableHash && HasLabels(ordinal, labels)) return ordinal;
        return -1;
    }

    public ulong HashOf(int ordinal) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SectionBytes(BlockSection.Series)[(ordinal * BlockFormat.SeriesRecordBytes)..]);

    public Labels LabelsOf(int ordinal)
    {
        Label[] pairs = [];
        _ = LabelsOf(ordinal, ref pairs);
        return Labels.FromSorted(pairs);
    }

    /// <summary>The labels of a series, in memory of the caller's, which grows as needed.</summary>
    public ReadOnlySpan<Label> LabelsOf(int ordinal, ref Label[] room)
    {
        var input = new ByteReader(EntryOf(ordinal));
        int count = input.ReadCount();
        if (room.Length < count) room = new Label[count];
        var postings = Postings;
        int pair = -1;
        foreach (ref var label in room.AsSpan(0, count))
        {
            pair += (int)input.ReadVarint() + 1;
            label = new Label(TextOf(postings.NameOf(pair)), TextOf(postings.ValueAt(pair)));
        }
        return room.AsSpan(0, count);
    }

    public bool HasLabels(int ordinal, Labels labels)
    {
        var input = new ByteReader(EntryOf(ordinal));
        if (input.ReadCount() != labels.Count) return false;
        var symbols = Symbols;
        var postings = Postings;
        int pair = -1;
        foreach (ref readonly var label in labels.Pairs)
        {
            pair += (int)input.ReadVarint() + 1;
            if (!symbols.Equals(postings.ValueAt(pair), label.Value)) return false;
            if (!symbols.Equals(postings.NameOf(pair), label.Name)) return false;
        }
        return true;
    }

    /// <summary>Appends the samples of a series that lie in the range and were not deleted, ascending.</summary>
    public void Read(int ordinal, TimeRange range, SampleColumns output)
    {
        int start = output.Count;
        foreach (var chunk in ChunksOf(ordinal))
        {
            var run = RunOf(chunk);
            if (run.MinTimeMs > range.EndMs) break;
            if (run.MaxTimeMs >= range.StartMs) Read(chunk, range, output);
        }
        Tombstones.Apply(ordinal, output, start);
    }

    /// <summary>The chunks of a series, ascending by time.</summary>
    public BlockChunks ChunksOf(int ordinal) => new(EntryOf(ordinal));

    /// <summary>The time a chunk covers; of 0 samples if it is malformed.</summary>
    public TimestampRun RunOf(in BlockChunk chunk) => TimestampColumns.Describe(SectionBytes(BlockSection.Columns), chunk.Run);

    /// <summary>A chunk as it is stored.</summary>
    /// <param name="times">As long as <see cref="RunOf"/> says.</param>
    /// <returns>False if it is damaged.</returns>
    public bool TryReadEncoded(in BlockChunk chunk, Span<long> times, out ReadOnlySpan<byte> bytes) =>
        IsIntact(chunk, out bytes) && TimestampColumns.TryRead(SectionBytes(BlockSection.Columns), chunk.Run, times);

    /// <summary>Appends the samples of one chunk that lie in the range; nothing if it is damaged.</summary>
    public void Read(in BlockChunk chunk, TimeRange range, SampleColumns output)
    {
        if (!IsIntact(chunk, out var bytes) || !TryTimesOf(chunk, out var run)) return;
        int start = ChunkReader.LowerBound(run, range.StartMs);
        int end = range.EndMs == long.MaxValue ? run.Length : ChunkReader.LowerBound(run, range.EndMs + 1);
        if (start >= end) return;
        if (chunk.Encoding == ChunkEncoding.HistogramRuns)
        {
            HistogramRunCodec.Read(bytes, run, start, end, output);
            return;
        }
        output.Reserve(end - start, out var times, out var values);
        if (!ChunkEncoder.TryDecode(chunk.Encoding, bytes, run.Length, start, values, Identity, (nint)(chunk.Offset << 3))) return;
        run[start..end].CopyTo(times);
        output.Commit(end - start);
    }

    /// <summary>The timestamps of a chunk: mostly those of the chunk this thread read last, for the series of a target share them.</summary>
    bool TryTimesOf(in BlockChunk chunk, out ReadOnlySpan<long> times)
    {
        var known = (_times ??= new long[BlockFormat.ChunkSamplesMax]).AsSpan();
        if (_timesOf != (Identity, chunk.Run))
        {
            int samples = RunOf(chunk).Samples;
            _timesOf = default;
            if (!TimestampColumns.TryRead(SectionBytes(BlockSection.Columns), chunk.Run, known[..samples]))
            {
                times = default;
                return false;
            }
            (_timesOf, _timesCount) = ((Identity, chunk.Run), samples);
        }
        times = known[.._timesCount];
        return true;
    }

    public void AddNames(HashSet<string> names)
    {
        var postings = Postings;
        for (int i = 0; i < postings.NameCount; i++) names.Add(TextOf(postings.NameAt(i)));
    }

    public void AddValues(string name, HashSet<string> values)
    {
        if (!Symbols.TryFind(name, out uint symbol) || !Postings.TryPairs(symbol, out int first, out int count)) return;
        for (int pair = first; pair < first + count; pair++) values.Add(TextOf(Postings.ValueAt(pair)));
    }

    /// <summary>A symbol as a string, kept for the next time.</summary>
    public string TextOf(uint symbol) => _symbolTexts[symbol] ??= Encoding.UTF8.GetString(Symbols[symbol]);

    protected override void GiveBack() => _file.Dispose();

    static string? CheckIndex(IMappedFile file, in BlockSummary summary, SectionRange[] sections)
    {
        for (int i = 0; i < sections.Length; i++)
        {
            if (i == (int)BlockSection.Chunks) continue;
            if (sections[i].Length > int.MaxValue) return $"section {(BlockSection)i} is too long";
            uint actual = Crc32C.Of(file.Slice(sections[i].Offset, (int)sections[i].Length));
            if (actual != sections[i].Checksum)
                return $"section {(BlockSection)i}, offset {sections[i].Offset}: checksum {actual:x8}, expected {sections[i].Checksum:x8}";
        }
        ReadOnlySpan<byte> Bytes(BlockSection section) => file.Slice(sections[(int)section].Offset, (int)sections[(int)section].Length);
        if ((long)summary.Series * BlockFormat.SeriesRecordBytes != sections[(int)BlockSection.Series].Length) return "series count does not fit";
        return new SymbolSection(Bytes(BlockSection.Symbols)).Validate() ?? new PostingsSection(Bytes(BlockSection.Postings)).Validate();
    }

    ReadOnlySpan<byte> SectionBytes(BlockSection section)
    {
        ref readonly var range = ref _sections[(int)section];
        return _file.Slice(range.Offset, (int)range.Length);
    }

    ReadOnlySpan<byte> EntryOf(int ordinal)
    {
        var records = SectionBytes(BlockSection.Series)[(ordinal * BlockFormat.SeriesRecordBytes)..];
        int start = (int)BinaryPrimitives.ReadUInt32LittleEndian(records[8..]);
        var entries = SectionBytes(BlockSection.Entries);
        int end = records.Length > BlockFormat.SeriesRecordBytes
            ? (int)BinaryPrimitives.ReadUInt32LittleEndian(records[(BlockFormat.SeriesRecordBytes + 8)..]) : entries.Length;
        return entries[start..end];
    }

    bool Matches(int ordinal, List<BlockCondition> conditions)
    {
        var entry = EntryOf(ordinal);
        foreach (var condition in conditions)
            if (!condition.Matches(entry)) return false;
        return true;
    }

    bool IsIntact(in BlockChunk chunk, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (chunk.Length > int.MaxValue) return false;
        int page = PageOf(chunk.Offset, out long pageStart, out long pageEnd, out uint checksum);
        if (page < 0 || chunk.Offset + chunk.Length > pageEnd) return false;
        var pageBytes = _file.Slice(_sections[(int)BlockSection.Chunks].Offset + pageStart, (int)(pageEnd - pageStart));
        byte state = Volatile.Read(ref _pageStates[page]);
        if (state == Unchecked)
        {
            state = Crc32C.Of(pageBytes) == checksum ? Intact : Damaged;
            Volatile.Write(ref _pageStates[page], state);
            if (state == Damaged) _onDamage();
        }
        if (state == Damaged) return false;
        bytes = pageBytes.Slice((int)(chunk.Offset - pageStart), (int)chunk.Length);
        return true;
    }

    /// <summary>The page that holds an offset of the chunk section; −1 if none does.</summary>
    int PageOf(long offset, out long start, out long end, out uint checksum)
    {
        var pages = SectionBytes(BlockSection.Pages);
        int low = 0, high = _pageStates.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (PageEnd(pages, middle) <= offset) low = middle + 1;
            else high = middle;
        }
        if (low == _pageStates.Length)
        {
            (start, end, checksum) = (0, 0, 0);
            return -1;
        }
        start = low == 0 ? 0 : PageEnd(pages, low - 1);
        end = PageEnd(pages, low);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(pages[((low * BlockFormat.PageRecordBytes) + 8)..]);
        return low;
    }

    static long PageEnd(ReadOnlySpan<byte> pages, int page) =>
        (long)BinaryPrimitives.ReadUInt64LittleEndian(pages[(page * BlockFormat.PageRecordBytes)..]);
}
