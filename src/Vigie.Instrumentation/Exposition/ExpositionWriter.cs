using System.Buffers;
using System.Globalization;

namespace Vigie.Instrumentation;

/// <summary>Appends bytes and numbers to a buffer writer. Call <see cref="Flush"/> at the end. Pass it by reference.</summary>
ref struct ExpositionWriter(IBufferWriter<byte> output)
{
    const int SpanBytesMin = 4096;
    const int NumberBytesMax = 32;

    Span<byte> _span;
    int _used;

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _span.Length - _used) Grow(bytes.Length);
        bytes.CopyTo(_span[_used..]);
        _used += bytes.Length;
    }

    public void Write(double value)
    {
        if (double.IsInfinity(value))
        {
            Write(value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }
        if (_span.Length - _used < NumberBytesMax) Grow(NumberBytesMax);
        value.TryFormat(_span[_used..], out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    public void Write(long value)
    {
        if (_span.Length - _used < NumberBytesMax) Grow(NumberBytesMax);
        value.TryFormat(_span[_used..], out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    public void Flush()
    {
        if (_used > 0) output.Advance(_used); // pipes do not take an Advance that no GetSpan went before
        _span = default;
        _used = 0;
    }

    void Grow(int bytes)
    {
        Flush();
        _span = output.GetSpan(Math.Max(bytes, SpanBytesMin));
    }
}
