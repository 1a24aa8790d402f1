using System.Buffers;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// Float samples as the API writes them: <c>[1700000000.500,"1.25"]</c>. The series of a range query mostly share their timestamps, whose text is made
/// once per answer. For one answer; not thread-safe.
/// </summary>
sealed class SampleTexts : IDisposable
{
    /// <summary>Longest text of a timestamp with what stands around it; the texts lie this far apart, so that they are copied in two moves.</summary>
    const int Stride = 32;

    /// <summary>Longest text of a sample, with a comma.</summary>
    public const int SampleBytesMax = Stride + GoNumber.SampleBytesMax + 4;

    byte[] _texts = [];
    byte[] _lengths = [];
    int _count = -1;

    /// <summary>Writes the samples, separated by commas.</summary>
    /// <param name="histograms">Empty, or one per sample: where it is not null there is no float.</param>
    /// <param name="output">Room for <see cref="SampleBytesMax"/> per sample.</param>
    /// <returns>The bytes written.</returns>
    public int Format(ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, ReadOnlySpan<FloatHistogram?> histograms, bool shared, Span<byte> output)
    {
        if (shared && _count != timestamps.Length) Prepare(timestamps);
        int at = 0, valueAt = 0, valueLength = 0;
        long lastBits = 0;
        for (int i = 0; i < timestamps.Length; i++)
        {
            if (!histograms.IsEmpty && histograms[i] is not null) continue;
            if (shared)
            {
                _texts.AsSpan(i * Stride, Stride).CopyTo(output[at..]);
                at += _lengths[i];
            }
            else at += FormatTime(timestamps[i], output[at..]);
            long bits = BitConverter.DoubleToInt64Bits(values[i]);
            if (bits == lastBits && valueLength > 0) output.Slice(valueAt, valueLength).CopyTo(output[at..]);
            else valueLength = GoNumber.FormatSample(values[i], output[at..]);
            (lastBits, valueAt) = (bits, at);
            at += valueLength;
            output[at] = (byte)'"';
            output[at + 1] = (byte)']';
            output[at + 2] = (byte)',';
            at += 3;
        }
        return at == 0 ? 0 : at - 1;
    }

    void Prepare(ReadOnlySpan<long> timestamps)
    {
        Dispose();
        _count = timestamps.Length;
        _texts = ArrayPool<byte>.Shared.Rent(_count * Stride);
        _lengths = ArrayPool<byte>.Shared.Rent(_count);
        for (int i = 0; i < _count; i++) _lengths[i] = (byte)FormatTime(timestamps[i], _texts.AsSpan(i * Stride, Stride));
    }

    /// <summary><c>[1700000000.500,"</c></summary>
    static int FormatTime(long timestampMs, Span<byte> text)
    {
        text[0] = (byte)'[';
        int at = 1 + JsonApi.FormatTimestamp(timestampMs, text[1..]);
        text[at++] = (byte)',';
        text[at++] = (byte)'"';
        return at;
    }

    public void Dispose()
    {
        if (_count < 0) return;
        ArrayPool<byte>.Shared.Return(_texts);
        ArrayPool<byte>.Shared.Return(_lengths);
        _count = -1;
    }
}
