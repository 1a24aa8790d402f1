using System.Buffers;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// Writes metric families as length-delimited io.prometheus.client.MetricFamily messages (prometheus/client_model, metrics.proto), the only form
/// that has native histograms. Floats are untyped, as a federation page has them. Reusable; not thread-safe.
/// </summary>
public sealed class ProtobufFamilyWriter
{
    const int Untyped = 3, Histogram = 4, GaugeHistogram = 5;

    readonly ProtobufWriter _family = new(4096), _frame = new(16);

    /// <summary>Begins a family; those before must be ended.</summary>
    /// <param name="first">One of its histograms; null for floats.</param>
    public void Begin(string name, FloatHistogram? first)
    {
        _family.Clear();
        _family.Text(1, name);
        _family.Varint(3, first is null ? Untyped : first.CounterResetHint == CounterResetHint.Gauge ? GaugeHistogram : (ulong)Histogram);
    }

    public void Add(ReadOnlySpan<Label> labels, double value, long timestampMs)
    {
        int metric = BeginMetric(labels);
        int untyped = _family.Begin(5);
        _family.Double(1, value);
        _family.End(untyped);
        _family.Int64(6, timestampMs);
        _family.End(metric);
    }

    public void Add(ReadOnlySpan<Label> labels, FloatHistogram histogram, long timestampMs)
    {
        int metric = BeginMetric(labels);
        _family.Int64(6, timestampMs);
        int message = _family.Begin(7);
        _family.Double(2, histogram.Sum);
        _family.Double(4, histogram.Count);
        _family.ZigZag(5, histogram.Schema);
        _family.Double(6, histogram.ZeroThreshold);
        _family.Double(8, histogram.ZeroCount);
        Spans(9, histogram.NegativeSpans);
        _family.Doubles(11, histogram.NegativeBuckets);
        Spans(12, histogram.PositiveSpans);
        _family.Doubles(14, histogram.PositiveBuckets);
        _family.End(message);
        _family.End(metric);
    }

    public void End(IBufferWriter<byte> output)
    {
        _frame.Clear();
        _frame.PackedVarint((ulong)_family.Length);
        output.Write(_frame.Written);
        output.Write(_family.Written);
    }

    int BeginMetric(ReadOnlySpan<Label> labels)
    {
        int metric = _family.Begin(4);
        foreach (ref readonly var label in labels)
        {
            int pair = _family.Begin(1);
            _family.Text(1, label.Name);
            _family.Text(2, label.Value);
            _family.End(pair);
        }
        return metric;
    }

    void Spans(int field, HistogramSpan[] spans)
    {
        foreach (var span in spans)
        {
            int message = _family.Begin(field);
            _family.ZigZag(1, span.Offset);
            _family.Varint(2, (ulong)span.Length);
            _family.End(message);
        }
    }
}
