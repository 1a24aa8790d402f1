using System.Buffers;

namespace Vigie.Scrape;

/// <summary>The bytes of one page in a pooled buffer; dispose it to give the buffer back.</summary>
sealed class FetchedPage : IBufferWriter<byte>, IDisposable
{
    byte[] _buffer;
    int _start;
    int _end;

    public FetchedPage(int sizeHint) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, 4096));

    public int Length => _end - _start;
    public int Capacity => _buffer.Length;
    public string? ContentType { get; set; }
    public Span<byte> Bytes => _buffer.AsSpan(_start, Length);

    public Stream AsStream() => new MemoryStream(_buffer, _start, Length, writable: false);

    public void Advance(int count) => _end += count;

    /// <summary>The first bytes are no part of the page: it begins behind them.</summary>
    public void SkipFirst(int count) => _start += count;

    /// <summary>Takes back the last bytes.</summary>
    public void DropLast(int count) => _end -= count;

    /// <summary>Each page gets the bytes of the other.</summary>
    public void Swap(FetchedPage other)
    {
        (_buffer, other._buffer) = (other._buffer, _buffer);
        (_start, other._start) = (other._start, _start);
        (_end, other._end) = (other._end, _end);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_buffer.Length - _end < wanted)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + wanted));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }
}
