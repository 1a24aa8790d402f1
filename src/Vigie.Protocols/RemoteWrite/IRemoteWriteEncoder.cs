using Vigie.Model;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>Makes remote write requests, not yet compressed. Reusable: <see cref="Begin"/>, add, <see cref="Finish"/>. Not
/// thread-safe.</summary>
public interface IRemoteWriteEncoder
{
    /// <summary>Value of the Content-Type header.</summary>
    string ContentType { get; }

    /// <summary>Value of the X-Prometheus-Remote-Write-Version header.</summary>
    string Version { get; }

    /// <param name="pool">That the series of the request were encoded with; version 1.0 has no use for it.</param>
    void Begin(SymbolPool pool);

    /// <summary>Samples of one series, in order of time.</summary>
    void Add(EncodedSeries series, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values);

    void Add(EncodedSeries series, long timestampMs, FloatHistogram histogram);

    void Add(EncodedSeries series, in Exemplar exemplar);

    /// <summary>The request; valid until the next <see cref="Begin"/>.</summary>
    ReadOnlySpan<byte> Finish();
}
