using Vigie.Model;

namespace Vigie.Protocols.Protobuf;

/// <summary>
/// The positive or the negative buckets of a native histogram, as the Histogram messages of remote write (prometheus prompb/types.proto) and
/// of scraped pages (prometheus/client_model, metrics.proto) have them alike: BucketSpan messages, and counts either as floats or, of
/// integers, as differences from bucket to bucket.
/// </summary>
/// <param name="name">positive or negative.</param>
sealed class HistogramSide(string name)
{
    /// <summary>Most buckets, and most spans: a message can say little that would take much memory.</summary>
    const int BucketsMax = 20_000;

    readonly List<HistogramSpan> _spans = [];
    readonly List<double> _integers = [], _floats = [];
    long _lastInteger;

    public bool HasSpans => _spans.Count > 0;

    public HistogramSpan[] Spans => [.. _spans];

    public void ReadSpan(ref ProtobufReader field)
    {
        int offset = 0;
        ulong length = 0;
        var span = new ProtobufReader(field.ReadBytes());
        while (span.Next())
        {
            switch (span.Field)
            {
                case 1: offset = span.ReadSInt32(); break;
                case 2: length = span.ReadVarint(); break;
                default: span.Skip(); break;
            }
        }
        if (length > BucketsMax)
            throw new ProtocolException($"histogram: {name} side: found a span of {length} buckets, expected at most {BucketsMax}");
        CheckRoom(_spans.Count, "spans");
        _spans.Add(new HistogramSpan(offset, (int)length));
    }

    public void ReadDeltas(ref ProtobufReader field)
    {
        var deltas = field.ReadList(WireType.Varint);
        while (!deltas.AtEnd)
        {
            CheckRoom(_integers.Count, "buckets");
            _lastInteger = unchecked(_lastInteger + deltas.ReadSInt64());
            _integers.Add(_lastInteger);
        }
    }

    public void ReadCounts(ref ProtobufReader field)
    {
        var counts = field.ReadList(WireType.Fixed64);
        _floats.EnsureCapacity(Math.Min(_floats.Count + counts.BytesLeft / sizeof(double), BucketsMax));
        while (!counts.AtEnd)
        {
            CheckRoom(_floats.Count, "buckets");
            _floats.Add(counts.ReadDouble());
        }
    }

    /// <summary>Absolute counts.</summary>
    /// <param name="floats">Whether the histogram says it has float counts; the others are not looked at.</param>
    public double[] BucketsOf(bool floats) => [.. floats ? _floats : _integers];

    void CheckRoom(int count, string things)
    {
        if (count >= BucketsMax) throw new ProtocolException($"histogram: {name} side: found more than {BucketsMax} {things}");
    }
}
