using System.Buffers.Binary;
using System.Text;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Label names and values of a block, each once, sorted by their UTF-8 bytes, so that numbers sort as texts do. Layout: count 4, then
/// count + 1 offsets of 4 bytes into the texts that follow.
/// </summary>
readonly ref struct SymbolSection(ReadOnlySpan<byte> section)
{
    readonly ReadOnlySpan<byte> _section = section;

    public int Count => (int)BinaryPrimitives.ReadUInt32LittleEndian(_section);

    public ReadOnlySpan<byte> this[uint number]
    {
        get
        {
            int texts = 4 + ((Count + 1) * 4);
            int start = OffsetOf(number), end = OffsetOf(number + 1);
            return _section[(texts + start)..(texts + end)];
        }
    }

    public bool TryFind(string text, out uint number)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = this[(uint)middle].SequenceCompareTo(sought);
            if (order == 0)
            {
                number = (uint)middle;
                return true;
            }
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        number = 0;
        return false;
    }

    public bool Equals(uint number, string text)
    {
        var bytes = this[number];
        if (Ascii.IsValid(bytes)) return Ascii.Equals(bytes, text);
        return Encoding.UTF8.GetString(bytes).Equals(text, StringComparison.Ordinal);
    }

    /// <summary>Null if offsets ascend within the section; else what is wrong.</summary>
    public string? Validate()
    {
        if (_section.Length < 8 || Count < 0 || Count > (_section.Length / 4) - 2) return "symbol count is beyond the section";
        int texts = _section.Length - (4 + ((Count + 1) * 4));
        int last = 0;
        for (uint i = 0; i <= Count; i++)
        {
            int offset = OffsetOf(i);
            if (offset < last || offset > texts) return $"symbol {i} lies outside the section";
            last = offset;
        }
        return null;
    }

    /// <param name="texts">Each once, in the order of <see cref="Labels.CompareText"/>.</param>
    public static void Write(ReadOnlySpan<string> texts, SectionWriter output)
    {
        output.WriteUInt32((uint)texts.Length);
        uint offset = 0;
        output.WriteUInt32(offset);
        foreach (string text in texts)
        {
            offset = checked(offset + (uint)Encoding.UTF8.GetByteCount(text));
            output.WriteUInt32(offset);
        }
        foreach (string text in texts) output.WriteUtf8(text);
    }

    int OffsetOf(uint number) => (int)BinaryPrimitives.ReadUInt32LittleEndian(_section[(4 + ((int)number * 4))..]);
}
