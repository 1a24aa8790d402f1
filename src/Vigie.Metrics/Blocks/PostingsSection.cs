using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Which series of a block have a label pair. Layout: name count 4, pair count 4; names (symbol 4, first pair 4, pairs 4) by symbol; pairs
/// (value symbol 4, list offset 4, list length 4) by symbol within their name; lists, each ascending series numbers as varint differences.
/// </summary>
readonly ref struct PostingsSection(ReadOnlySpan<byte> section)
{
    const int HeadBytes = 8;

    readonly ReadOnlySpan<byte> _section = section;

    public int NameCount => Word(0);
    int PairCount => Word(4);

    public uint NameAt(int index) => (uint)Word(HeadBytes + (index * BlockFormat.NameRecordBytes));

    /// <summary>The pairs of a name as a range of indexes; false if no series has it.</summary>
    public bool TryPairs(uint name, out int first, out int count)
    {
        int low = 0, high = NameCount - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            uint at = NameAt(middle);
            if (at == name)
            {
                int record = HeadBytes + (middle * BlockFormat.NameRecordBytes);
                (first, count) = (Word(record + 4), Word(record + 8));
                return true;
            }
            if (at < name) low = middle + 1;
            else high = middle - 1;
        }
        (first, count) = (0, 0);
        return false;
    }

    /// <summary>The name of a pair.</summary>
    public uint NameOf(int pair)
    {
        int low = 0, high = NameCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (Word(HeadBytes + (middle * BlockFormat.NameRecordBytes) + 4) <= pair) low = middle;
            else high = middle - 1;
        }
        return NameAt(low);
    }

    public uint ValueAt(int pair) => (uint)Word(PairRecord(pair));

    /// <summary>Series that have the pair.</summary>
    public int SeriesCountAt(int pair) => Word(PairRecord(pair) + 8);

    /// <summary>−1 if the name has no such value.</summary>
    public int FindPair(int first, int count, uint value)
    {
        int low = first, high = first + count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            uint at = ValueAt(middle);
            if (at == value) return middle;
            if (at < value) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    public void AppendSeries(int pair, List<int> ordinals)
    {
        int lists = HeadBytes + (NameCount * BlockFormat.NameRecordBytes) + (PairCount * BlockFormat.PairRecordBytes);
        int at = lists + Word(PairRecord(pair) + 4);
        int ordinal = -1;
        for (int left = SeriesCountAt(pair); left > 0; left--)
        {
            if (!Varint.TryRead(_section, ref at, out ulong difference)) return;
            ordinal += (int)difference + 1;
            ordinals.Add(ordinal);
        }
    }

    public string? Validate()
    {
        if (_section.Length < HeadBytes || NameCount < 0 || PairCount < 0) return "postings are too short";
        long lists = HeadBytes + ((long)NameCount * BlockFormat.NameRecordBytes) + ((long)PairCount * BlockFormat.PairRecordBytes);
        return lists <= _section.Length ? null : "posting counts are beyond the section";
    }

    /// <param name="pairs">Symbols of name (upper half) and value of each pair, ascending.</param>
    /// <param name="postings">By pair.</param>
    public static void Write(ReadOnlySpan<ulong> pairs, ReadOnlySpan<PostingList> postings, SectionWriter output)
    {
        var names = new List<(uint Name, int FirstPair)>();
        for (int pair = 0; pair < pairs.Length; pair++)
            if (pair == 0 || NameOf(pairs[pair]) != NameOf(pairs[pair - 1])) names.Add((NameOf(pairs[pair]), pair));
        output.WriteUInt32((uint)names.Count);
        output.WriteUInt32((uint)pairs.Length);
        for (int i = 0; i < names.Count; i++)
        {
            var (name, first) = names[i];
            output.WriteUInt32(name);
            output.WriteUInt32((uint)first);
            output.WriteUInt32((uint)((i + 1 < names.Count ? names[i + 1].FirstPair : pairs.Length) - first));
        }
        WriteLists(pairs, postings, output);

        static uint NameOf(ulong pair) => (uint)(pair >> 32);
    }

    static void WriteLists(ReadOnlySpan<ulong> pairs, ReadOnlySpan<PostingList> postings, SectionWriter output)
    {
        var room = new List<int>();
        uint offset = 0;
        for (int pair = 0; pair < pairs.Length; pair++)
        {
            output.WriteUInt32((uint)(pairs[pair] & uint.MaxValue));
            output.WriteUInt32(offset);
            output.WriteUInt32((uint)postings[pair].Count);
            foreach (int difference in DifferencesOf(postings[pair], room)) offset = checked(offset + (uint)Varint.LengthOf((ulong)difference));
        }
        foreach (ref readonly var list in postings)
            foreach (int difference in DifferencesOf(list, room)) output.WriteVarint((ulong)difference);
    }

    static ReadOnlySpan<int> DifferencesOf(in PostingList list, List<int> room)
    {
        room.Clear();
        list.AppendTo(room);
        int last = -1;
        foreach (ref int place in CollectionsMarshal.AsSpan(room))
        {
            int ordinal = place;
            place = ordinal - last - 1;
            last = ordinal;
        }
        return CollectionsMarshal.AsSpan(room);
    }

    int PairRecord(int pair) => HeadBytes + (NameCount * BlockFormat.NameRecordBytes) + (pair * BlockFormat.PairRecordBytes);

    int Word(int at) => (int)BinaryPrimitives.ReadUInt32LittleEndian(_section[at..]);
}
