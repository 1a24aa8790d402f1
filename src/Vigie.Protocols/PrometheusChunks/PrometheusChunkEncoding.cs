namespace Vigie.Protocols.PrometheusChunks;

/// <summary>What a chunk of Prometheus' holds; the numbers are those on disk and in remote read (prometheus tsdb/chunkenc, Encoding).</summary>
public enum PrometheusChunkEncoding : byte
{
    None = 0,
    /// <summary>Floats.</summary>
    Xor = 1,
    /// <summary>Native histograms with whole counts.</summary>
    Histogram = 2,
    /// <summary>Native histograms with float counts.</summary>
    FloatHistogram = 3,
}
