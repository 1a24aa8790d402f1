using System.Buffers;
using Vigie.Model;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteRead;

namespace Vigie.Remote;

/// <summary>A remote read request that is not answered; the message is for the client.</summary>
public sealed class RemoteReadException(string message) : Exception(message);

/// <summary>
/// Answers remote read requests from a store (prometheus storage/remote/read_handler.go): with samples, or with chunks in frames. Safe for
/// concurrent use.
/// </summary>
/// <param name="samplesMax">Most samples of one answer of type SAMPLES; 0 for no limit.</param>
/// <param name="frameBytesMax">Size of the frames of a streamed answer.</param>
public sealed class RemoteReadServer(ISampleSource source, int samplesMax, int frameBytesMax)
{
    /// <summary>The first type the client takes that there is; samples if it does not say.</summary>
    /// <exception cref="RemoteReadException">There is none.</exception>
    public static RemoteReadResponseType Negotiate(RemoteReadRequest request)
    {
        if (request.Accepted.Count == 0) return RemoteReadResponseType.Samples;
        foreach (var type in request.Accepted)
            if (type is RemoteReadResponseType.Samples or RemoteReadResponseType.StreamedXorChunks) return type;
        throw new RemoteReadException(
            $"server does not support any of the requested response types: [{string.Join(' ', request.Accepted.Select(static type => (int)type))}]; "
            + "supported: map[SAMPLES:{} STREAMED_XOR_CHUNKS:{}]");
    }

    /// <summary>A whole answer, compressed with snappy.</summary>
    /// <param name="externalLabels">Given to series that lack them; matchers for them match all.</param>
    /// <exception cref="RemoteReadException">There are more samples than the limit allows.</exception>
    public byte[] Samples(RemoteReadRequest request, Labels externalLabels, CancellationToken cancellation)
    {
        var response = new RemoteReadResponseWriter();
        var columns = new SampleColumns();
        foreach (var query in request.Queries)
        {
            response.BeginResult();
            long samples = 0;
            using var found = Select(query, externalLabels, cancellation);
            for (int i = 0; i < found.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                columns.Clear();
                found.Read(i, columns);
                if (columns.Count == 0) continue;
                samples += columns.Count;
                if (samplesMax > 0 && samples > samplesMax) throw new RemoteReadException($"exceeded sample limit ({samplesMax})");
                response.AddSeries(WithExternal(found.LabelsOf(i), externalLabels), columns);
            }
            response.EndResult();
        }
        var message = response.Written;
        byte[] output = new byte[SnappyBlockEncoder.EncodedLengthMax(message.Length)];
        return output[..new SnappyBlockEncoder().Encode(message, output)];
    }

    /// <summary>Writes an answer frame by frame.</summary>
    /// <param name="flush">Called after each frame.</param>
    public async Task StreamAsync(
        RemoteReadRequest request, Labels externalLabels, IBufferWriter<byte> output, Func<ValueTask> flush, CancellationToken cancellation)
    {
        var writer = new ChunkedReadWriter(frameBytesMax);
        var columns = new SampleColumns();
        for (int q = 0; q < request.Queries.Count; q++)
        {
            using var found = Select(request.Queries[q], externalLabels, cancellation);
            for (int i = 0; i < found.Count; i++)
            {
                columns.Clear();
                found.Read(i, columns);
                writer.Begin(q, WithExternal(found.LabelsOf(i), externalLabels), columns);
                while (WriteFrame(writer, output)) await flush().ConfigureAwait(false);
            }
        }
    }

    static bool WriteFrame(ChunkedReadWriter writer, IBufferWriter<byte> output)
    {
        if (!writer.TryNext(out var message)) return false;
        ReadFrame.Write(output, message);
        return true;
    }

    ISeriesSet Select(RemoteReadQuery query, Labels externalLabels, CancellationToken cancellation)
    {
        // The store does not hold external labels: a condition that they satisfy is one that an absent label must satisfy.
        var matchers = query.Matchers.Select(matcher => externalLabels.TryGet(matcher.Name, out string? value)
            && matcher.Type == MatchType.Equal && matcher.Value == value
            ? new LabelMatcher(MatchType.Equal, matcher.Name, "") : matcher).ToArray();
        return source.Select(matchers, query.Range, query.Hints, cancellation);
    }

    static Labels WithExternal(Labels labels, Labels externalLabels)
    {
        if (externalLabels.Count == 0) return labels;
        var builder = new LabelsBuilder(labels);
        foreach (var (name, value) in externalLabels)
            if (!labels.Has(name)) builder.Set(name, value);
        return builder.Build();
    }
}
