using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Protocols.RemoteRead;

/// <summary>Reads both kinds of answers to a request with one query. A series may come in several parts.</summary>
public static class RemoteReadResponseReader
{
    /// <summary>A ReadResponse with one result.</summary>
    /// <param name="columnsOf">Where the samples of a series go; they are appended in the order they come.</param>
    /// <exception cref="ProtocolException">The message is malformed, or answers another number of queries.</exception>
    public static void ReadSamples(ReadOnlySpan<byte> message, Func<Labels, SampleColumns> columnsOf)
    {
        int results = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            results++;
            var result = new ProtobufReader(reader.ReadBytes());
            while (result.Next())
            {
                if (result.Field == 1) ReadSeries(result.ReadBytes(), columnsOf);
                else result.Skip();
            }
        }
        if (results != 1) throw new ProtocolException($"responses: want 1, got {results}");
    }

    /// <summary>A ChunkedReadResponse.</summary>
    /// <inheritdoc cref="ReadSamples"/>
    public static void ReadChunks(ReadOnlySpan<byte> message, Func<Labels, SampleColumns> columnsOf)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) ReadChunkedSeries(reader.ReadBytes(), columnsOf);
            else reader.Skip();
        }
    }

    static void ReadSeries(ReadOnlySpan<byte> message, Func<Labels, SampleColumns> columnsOf)
    {
        var samples = columnsOf(ReadLabels(message));
        // Floats and histograms stand in lists of their own: they are merged by time.
        var floats = new List<(long TimestampMs, double Value)>();
        var histograms = new List<(FloatHistogram Histogram, long TimestampMs, long StartMs)>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2) floats.Add(ReadSample(reader.ReadBytes()));
            else if (reader.Field == 4) histograms.Add(ReadHistogram(reader.ReadBytes()));
            else reader.Skip();
        }
        int f = 0, h = 0;
        while (f < floats.Count || h < histograms.Count)
        {
            if (h == histograms.Count || (f < floats.Count && floats[f].TimestampMs <= histograms[h].TimestampMs))
            {
                samples.Add(floats[f].TimestampMs, floats[f].Value);
                f++;
            }
            else
            {
                samples.Add(histograms[h].TimestampMs, histograms[h].Histogram);
                h++;
            }
        }
    }

    static void ReadChunkedSeries(ReadOnlySpan<byte> message, Func<Labels, SampleColumns> columnsOf)
    {
        var samples = columnsOf(ReadLabels(message));
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != 2)
            {
                reader.Skip();
                continue;
            }
            var encoding = PrometheusChunkEncoding.None;
            scoped ReadOnlySpan<byte> data = default;
            var chunk = new ProtobufReader(reader.ReadBytes());
            while (chunk.Next())
            {
                if (chunk.Field == 3) encoding = (PrometheusChunkEncoding)(byte)(chunk.ReadVarint() & 0xff);
                else if (chunk.Field == 4) data = chunk.ReadBytes();
                else chunk.Skip();
            }
            if (!PrometheusChunkDecoder.TryDecode(encoding, data, samples))
                throw new ProtocolException($"remote read: found a malformed chunk of {data.Length} bytes, encoding {(int)encoding}");
        }
    }

    static Labels ReadLabels(ReadOnlySpan<byte> series)
    {
        var labels = new LabelsBuilder();
        var reader = new ProtobufReader(series);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            string name = "", value = "";
            var label = new ProtobufReader(reader.ReadBytes());
            while (label.Next())
            {
                if (label.Field == 1) name = Encoding.UTF8.GetString(label.ReadBytes());
                else if (label.Field == 2) value = Encoding.UTF8.GetString(label.ReadBytes());
                else label.Skip();
            }
            labels.Set(name, value);
        }
        return labels.Build();
    }

    static (FloatHistogram Histogram, long TimestampMs, long StartMs) ReadHistogram(ReadOnlySpan<byte> message)
    {
        var read = HistogramMessage.Read(message);
        return read.Histogram.FindProblem() is { } problem ? throw new ProtocolException($"remote read: invalid histogram: {problem}") : read;
    }

    static (long TimestampMs, double Value) ReadSample(ReadOnlySpan<byte> message)
    {
        double value = 0;
        long timestampMs = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) value = reader.ReadDouble();
            else if (reader.Field == 2) timestampMs = reader.ReadInt64();
            else reader.Skip();
        }
        return (timestampMs, value);
    }
}
