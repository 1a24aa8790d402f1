using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>Reads the data of chunks as Prometheus stores and sends them (prometheus tsdb/docs/format/chunks.md).</summary>
public static class PrometheusChunkDecoder
{
    /// <summary>Appends a chunk's samples to <paramref name="output"/>; staleness markers of histograms come out as stale floats.</summary>
    /// <param name="data">Behind the byte that names the encoding, up to the checksum.</param>
    /// <returns>False if the encoding is unknown or the data malformed; then nothing was added.</returns>
    public static bool TryDecode(PrometheusChunkEncoding encoding, ReadOnlySpan<byte> data, SampleColumns output) => encoding switch
    {
        PrometheusChunkEncoding.Xor => XorChunk.TryDecode(data, output),
        PrometheusChunkEncoding.Histogram => HistogramChunk.TryDecode(data, wholeCounts: true, output),
        PrometheusChunkEncoding.FloatHistogram => HistogramChunk.TryDecode(data, wholeCounts: false, output),
        _ => false,
    };
}
