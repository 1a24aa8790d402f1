using System.Text;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>Writes the sections of a block one after another, through a small buffer; knows where each lies and what its bytes sum to.</summary>
sealed class SectionWriter(IAppendFile file)
{
    const int BufferBytes = 64 << 10;

    readonly SectionRange[] _sections = new SectionRange[BlockFormat.SectionCount];
    readonly ByteBuffer _buffer = new(BufferBytes + 256);
    BlockSection _current;

    public ReadOnlySpan<SectionRange> Sections => _sections;

    /// <summary>Bytes of the current section.</summary>
    public long Length => _sections[(int)_current].Length + _buffer.Length;

    /// <summary>Says where a section is that others have written.</summary>
    public void Note(BlockSection section, SectionRange range) => _sections[(int)section] = range;

    public void Begin(BlockSection section)
    {
        _current = section;
        _sections[(int)section] = new SectionRange(file.Length, 0, 0);
    }

    /// <summary>Must follow the last write to each section.</summary>
    public void End() => HandOver(_buffer.Written);

    /// <summary>Writes a section that is there as a whole.</summary>
    public void Write(BlockSection section, ByteBuffer bytes)
    {
        Begin(section);
        HandOver(bytes.Written);
    }

    public void WriteUInt32(uint value)
    {
        _buffer.WriteUInt32(value);
        Relieve();
    }

    public void WriteUInt64(ulong value)
    {
        _buffer.WriteUInt64(value);
        Relieve();
    }

    public void WriteVarint(ulong value)
    {
        _buffer.WriteVarint(value);
        Relieve();
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= BufferBytes)
        {
            End();
            HandOver(bytes);
            return;
        }
        _buffer.WriteBytes(bytes);
        Relieve();
    }

    public void WriteUtf8(string text)
    {
        Encoding.UTF8.GetBytes(text, _buffer.Extend(Encoding.UTF8.GetByteCount(text)));
        Relieve();
    }

    void Relieve()
    {
        if (_buffer.Length >= BufferBytes) End();
    }

    void HandOver(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        ref var section = ref _sections[(int)_current];
        section = section with { Length = section.Length + bytes.Length, Checksum = Crc32C.Of(bytes, section.Checksum) };
        file.Append(bytes);
        _buffer.Clear();
    }
}
