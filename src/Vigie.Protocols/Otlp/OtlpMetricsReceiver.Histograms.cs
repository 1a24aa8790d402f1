using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <content>Data points of histograms. Field numbers: opentelemetry/proto/metrics/v1/metrics.proto.</content>
public sealed partial class OtlpMetricsReceiver
{
    readonly ExplicitPoint _explicit = new();
    readonly ExponentialPoint _exponential = new();
    readonly List<(double Bound, SeriesRef Series)> _buckets = [];

    void HistogramPoints(in OtlpMetric metric)
    {
        var points = new ProtobufReader(metric.Points);
        while (NextPoint(ref points, out var message))
        {
            _explicit.Read(message);
            BeginKey(metric, message, attributesField: 9);
            if (!Resolve(metric, SeriesPart.Count, 0, out var count)) _result.Rejected++;
            else if (!AddsUp(metric) || AddUp(count)) AddClassic(metric, message, count);
            _point++;
        }
    }

    /// <summary>Makes totals of the point's deltas. False: refused.</summary>
    bool AddUp(SeriesRef series)
    {
        if (_explicit.IsStale)
        {
            _cache.Deltas!.Remove(series);
            return true;
        }
        ulong startNs = _explicit.StartNs;
        if (Refused(_cache.Deltas!.Add(series, ref startNs, _explicit.TimeNs, _explicit, IsAgain))) return false;
        _explicit.StartNs = startNs;
        return true;
    }

    void AddClassic(in OtlpMetric metric, ReadOnlySpan<byte> message, SeriesRef countSeries)
    {
        long timestampMs = Milliseconds(_explicit.TimeNs), startMs = Milliseconds(_explicit.StartNs);
        double Value(double value) => _explicit.IsStale ? StaleMarker.Value : value;
        bool complete = true;
        if (_explicit.HasSum)
        {
            if (Resolve(metric, SeriesPart.Sum, 0, out var sum)) Add(sum, timestampMs, Value(_explicit.Sum), startMs);
            else complete = false;
        }
        Add(countSeries, timestampMs, Value(_explicit.Count), startMs);
        _buckets.Clear();
        ulong below = 0;
        int buckets = Math.Min(_explicit.Bounds.Length, _explicit.Counts.Length);
        for (int i = 0; i <= buckets; i++)
        {
            double bound = i < buckets ? _explicit.Bounds[i] : double.PositiveInfinity;
            below = i < buckets ? unchecked(below + _explicit.Counts[i]) : _explicit.Count;
            if (!Resolve(metric, SeriesPart.Bucket, bound, out var bucket))
            {
                complete = false;
                continue;
            }
            Add(bucket, timestampMs, Value(below), startMs);
            _buckets.Add((bound, bucket));
        }
        AddBucketExemplars(message);
        if (!complete) _result.Rejected++;
    }

    /// <summary>An exemplar belongs to the first bucket that counts its value.</summary>
    void AddBucketExemplars(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        bool sorted = false;
        while (reader.Next())
        {
            if (reader.Field != 8)
            {
                reader.Skip();
                continue;
            }
            var exemplar = OtlpExemplar.Read(reader.ReadBytes());
            if (!sorted) _buckets.Sort(static (left, right) => left.Bound.CompareTo(right.Bound));
            sorted = true;
            foreach (var (bound, series) in _buckets)
            {
                if (!(exemplar.Value <= bound)) continue;
                _batch.AddExemplar(series, exemplar);
                break;
            }
        }
    }

    void CustomBucketPoints(in OtlpMetric metric)
    {
        var points = new ProtobufReader(metric.Points);
        while (NextPoint(ref points, out var message))
        {
            _explicit.Read(message);
            var histogram = CustomBuckets(metric.Temporality);
            if (!_explicit.IsStale && _explicit.Count == 0 && histogram.Sum != 0)
                _result.Warn($"histogram data point has zero count, but non-zero sum: {GoSixDecimals(histogram.Sum)}");
            AddNative(metric, message, new NativeFields(9, 8), histogram, _explicit.StartNs, _explicit.TimeNs);
        }
    }

    FloatHistogram CustomBuckets(OtlpTemporality temporality)
    {
        ReadOnlySpan<ulong> counts = _explicit.Counts;
        var bounds = _explicit.Bounds;
        for (int i = 0; i < bounds.Length; i++)
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
                throw new OtlpRefusal(
                    $"found histogram bound {GoNumber.FormatSample(bounds[i])}, expected finite bounds in ascending order");
        if (counts.Length > bounds.Length + 1)
            throw new OtlpRefusal($"found {counts.Length} histogram buckets, expected {bounds.Length + 1}: one more than bounds");
        int empty = counts.IndexOfAnyExcept(0UL);
        if (empty < 0) empty = counts.Length;
        var (spans, buckets) = NativeBuckets.Lay(counts[empty..], empty, 0, shift: 0);
        return new FloatHistogram
        {
            CounterResetHint = HintOf(temporality),
            Schema = FloatHistogram.CustomBucketsSchema,
            Count = _explicit.IsStale ? StaleMarker.Value : _explicit.Count,
            Sum = _explicit.IsStale ? StaleMarker.Value : _explicit.Sum,
            PositiveSpans = spans,
            PositiveBuckets = buckets,
            CustomValues = bounds.ToArray(),
        };
    }

    void ExponentialPoints(in OtlpMetric metric)
    {
        var points = new ProtobufReader(metric.Points);
        while (NextPoint(ref points, out var message))
        {
            _exponential.Read(message);
            var histogram = _exponential.ToHistogram(HintOf(metric.Temporality));
            if (!_exponential.IsStale && _exponential.Count == 0 && histogram.Sum != 0)
                _result.Warn($"exponential histogram data point has zero count, but non-zero sum: {GoSixDecimals(histogram.Sum)}");
            AddNative(metric, message, new NativeFields(1, 11), histogram, _exponential.StartNs, _exponential.TimeNs);
        }
    }

    void AddNative(
        in OtlpMetric metric, ReadOnlySpan<byte> message, NativeFields fields, FloatHistogram histogram, ulong startNs, ulong timeNs)
    {
        BeginKey(metric, message, fields.Attributes);
        if (!Resolve(metric, SeriesPart.Plain, 0, out var series)) _result.Rejected++;
        else
        {
            bool refused = false;
            if (AddsUp(metric))
            {
                if (StaleMarker.IsStale(histogram.Sum)) _cache.Deltas!.Remove(series);
                else refused = Refused(_cache.Deltas!.Add(series, ref startNs, timeNs, ref histogram, IsAgain));
            }
            if (!refused)
            {
                Add(series, Milliseconds(timeNs), histogram, Milliseconds(startNs));
                AddExemplars(message, fields.Exemplars, series);
            }
        }
        _point++;
    }

    /// <summary>Where a native histogram's message has its attributes and exemplars.</summary>
    readonly record struct NativeFields(int Attributes, int Exemplars);

    /// <summary>Deltas go up and down: not a counter that is reset with every point.</summary>
    CounterResetHint HintOf(OtlpTemporality temporality) =>
        temporality == OtlpTemporality.Delta && _settings.Deltas == DeltaHandling.Store ? CounterResetHint.Gauge : CounterResetHint.Unknown;

    /// <summary>Go's %f.</summary>
    static string GoSixDecimals(double value) => double.IsFinite(value)
        ? value.ToString("F6", System.Globalization.CultureInfo.InvariantCulture) : GoNumber.FormatSample(value);
}
