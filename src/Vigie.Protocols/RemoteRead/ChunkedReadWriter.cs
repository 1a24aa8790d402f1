using Vigie.Model;
using Vigie.Protocols.Protobuf;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Protocols.RemoteRead;

/// <summary>
/// Writes the ChunkedReadResponse messages of one series (prometheus prompb/remote.proto, storage/remote/codec.go): its labels and as
/// many chunks as
/// a frame takes, the next frame with the labels again. Reusable; not thread-safe.
/// </summary>
/// <param name="frameBytesMax">Of labels and chunks; a frame holds at least one chunk.</param>
public sealed class ChunkedReadWriter(int frameBytesMax)
{
    readonly ProtobufWriter _output = new(64 << 10);
    readonly ProtobufWriter _labels = new();
    readonly PrometheusChunkEncoder _encoder = new();
    SampleColumns _samples = null!;
    int _next, _query;

    /// <summary>Begins with a series; its samples must not change until the last message was made.</summary>
    public void Begin(int query, Labels labels, SampleColumns samples)
    {
        (_query, _samples, _next) = (query, samples, 0);
        _labels.Clear();
        EncodedSeries.WriteLabels(_labels, labels);
    }

    /// <summary>The next message; valid until the next call. False if the series is written.</summary>
    public bool TryNext(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_next == _samples.Count) return false;
        _output.Clear();
        int series = _output.Begin(1);
        _output.Append(_labels.Written);
        int left = frameBytesMax - _labels.Length;
        do
        {
            int end = _encoder.EncodeNext(_samples, _next, _samples.Count);
            int chunk = _output.Begin(2);
            _output.Int64(1, _samples.Timestamps[_next]);
            _output.Int64(2, _samples.Timestamps[end - 1]);
            _output.Varint(3, (ulong)_encoder.Encoding);
            _output.Bytes(4, _encoder.Data);
            left -= _output.Length - chunk;
            _output.End(chunk);
            _next = end;
        }
        while (left > 0 && _next < _samples.Count);
        _output.End(series);
        _output.Varint(2, (ulong)_query);
        message = _output.Written;
        return true;
    }
}
