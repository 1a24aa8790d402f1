using System.Runtime.InteropServices;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// The index of a block being written. The numbers of texts and label pairs sort as the texts do, so they are known only when all series are
/// there: until then both have numbers in the order they came, and a series is 24 bytes, the numbers of its pairs and its chunks, in unmanaged
/// memory that is given back as a whole.
/// </summary>
sealed unsafe class BlockIndexBuilder : IDisposable
{
    struct Series
    {
        public ulong Hash;
        /// <summary>Number of labels, their pairs, chunks.</summary>
        public byte* Entry;
        public int EntryBytes;
        /// <summary>Of the entry in its section; known once that is written.</summary>
        public uint Offset;
    }

    readonly Slab<Series> _series = new();
    readonly Arena _entries = new();
    readonly ByteBuffer _entry = new();
    readonly Dictionary<string, uint> _texts = new(StringComparer.Ordinal);
    readonly Dictionary<ulong, uint> _pairs = [];       // name and value as one key
    Label[] _last = [];
    uint[] _lastPairs = [];
    int _lastCount;

    public int Count { get; private set; }

    /// <param name="labels">Sorted by name, and after those of the series before.</param>
    /// <param name="chunks">As <see cref="BlockChunk.Write"/> writes them.</param>
    public void Add(ReadOnlySpan<Label> labels, ulong hash, ReadOnlySpan<byte> chunks)
    {
        if (Count > 0 && Labels.Compare(_last.AsSpan(0, _lastCount), labels) >= 0) throw new InvalidOperationException("BUG: series of a block out of order");
        if (_last.Length < labels.Length)
        {
            Array.Resize(ref _last, labels.Length);
            Array.Resize(ref _lastPairs, labels.Length);
        }
        _entry.Clear();
        _entry.WriteVarint((ulong)labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            var (name, value) = labels[i];
            // Neighbours have most labels in common, and the texts of a store are mostly the same strings.
            bool isKnown = i < _lastCount && ReferenceEquals(_last[i].Value, value) && ReferenceEquals(_last[i].Name, name);
            if (!isKnown) _lastPairs[i] = NumberOf(_pairs, PairKey(NumberOf(_texts, name), NumberOf(_texts, value)));
            _entry.WriteVarint(_lastPairs[i]);
            _last[i] = labels[i];
        }
        _lastCount = labels.Length;
        _entry.WriteBytes(chunks);

        byte* entry = _entries.Allocate(_entry.Length);
        _entry.Written.CopyTo(new Span<byte>(entry, _entry.Length));
        _series.EnsureIndex(Count);
        _series[Count++] = new Series { Hash = hash, Entry = entry, EntryBytes = _entry.Length };
    }

    /// <summary>Writes the sections from <see cref="BlockSection.Entries"/> on.</summary>
    public void WriteTo(SectionWriter output)
    {
        string[] texts = ByNumber(_texts);
        uint[] symbols = Sort(texts, Comparer<string>.Create(Labels.CompareText));
        ulong[] pairs = ByNumber(_pairs);
        foreach (ref ulong pair in pairs.AsSpan()) pair = PairKey(symbols[pair >> 32], symbols[pair & uint.MaxValue]);
        uint[] pairNumbers = Sort(pairs, Comparer<ulong>.Default);
        var postings = new PostingList[pairs.Length];

        WriteEntries(pairNumbers, postings, output);
        output.Begin(BlockSection.Series);
        for (int ordinal = 0; ordinal < Count; ordinal++)
        {
            output.WriteUInt64(_series[ordinal].Hash);
            output.WriteUInt32(_series[ordinal].Offset);
        }
        output.End();
        output.Begin(BlockSection.Symbols);
        SymbolSection.Write(texts, output);
        output.End();
        output.Begin(BlockSection.Postings);
        PostingsSection.Write(pairs, postings, output);
        output.End();
    }

    public void Dispose()
    {
        _series.Dispose();
        _entries.Dispose();
    }

    void WriteEntries(uint[] pairNumbers, PostingList[] postings, SectionWriter output)
    {
        output.Begin(BlockSection.Entries);
        for (int ordinal = 0; ordinal < Count; ordinal++)
        {
            ref var series = ref _series[ordinal];
            series.Offset = checked((uint)output.Length);
            var input = new ByteReader(new ReadOnlySpan<byte>(series.Entry, series.EntryBytes));
            int labels = input.ReadCount();
            output.WriteVarint((ulong)labels);
            long last = -1;
            for (; labels > 0; labels--)
            {
                // Ascending, as labels are by name and symbols by text.
                uint pair = pairNumbers[input.ReadVarint()];
                output.WriteVarint((ulong)(pair - last - 1));
                postings[pair].Add(ordinal);
                last = pair;
            }
            output.WriteBytes(input.ReadRest());
        }
        output.End();
    }

    static ulong PairKey(uint name, uint value) => ((ulong)name << 32) | value;

    static uint NumberOf<T>(Dictionary<T, uint> numbers, T key) where T : notnull
    {
        ref uint number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out bool isKnown);
        if (!isKnown) number = (uint)numbers.Count - 1;
        return number;
    }

    static T[] ByNumber<T>(Dictionary<T, uint> numbers) where T : notnull
    {
        var keys = new T[numbers.Count];
        foreach (var (key, number) in numbers) keys[number] = key;
        return keys;
    }

    /// <summary>Sorts an array.</summary>
    /// <returns>The new place of each element by its old one.</returns>
    static uint[] Sort<T>(T[] keys, IComparer<T> order)
    {
        var from = new uint[keys.Length];
        for (int i = 0; i < from.Length; i++) from[i] = (uint)i;
        Array.Sort(keys, from, order);
        var to = new uint[keys.Length];
        for (int i = 0; i < from.Length; i++) to[from[i]] = (uint)i;
        return to;
    }
}
