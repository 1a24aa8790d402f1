using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <content>Data points with numbers, and summaries. Field numbers: opentelemetry/proto/metrics/v1/metrics.proto.</content>
public sealed partial class OtlpMetricsReceiver
{
    bool AddsUp(in OtlpMetric metric) => metric.Temporality == OtlpTemporality.Delta && _settings.Deltas == DeltaHandling.AddUp;

    bool IsAgain => _forgetting.Count > 0;

    void NumberPoints(in OtlpMetric metric)
    {
        var points = new ProtobufReader(metric.Points);
        while (NextPoint(ref points, out var message))
        {
            ulong startNs = 0, timeNs = 0;
            double value = 0;
            bool stale = false;
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 2: startNs = reader.ReadFixed64(); break;
                    case 3: timeNs = reader.ReadFixed64(); break;
                    case 4: value = reader.ReadDouble(); break;
                    case 6: value = unchecked((long)reader.ReadFixed64()); break;
                    case 8: stale = (reader.ReadVarint() & 1) != 0; break;
                    default: reader.Skip(); break;
                }
            }
            BeginKey(metric, message, attributesField: 7);
            if (Resolve(metric, SeriesPart.Plain, 0, out var series))
                AddNumber(metric, series, startNs, timeNs, stale ? StaleMarker.Value : value);
            else _result.Rejected++;
            if (series.IsValid && metric.Kind != OtlpKind.Gauge) AddExemplars(message, exemplarsField: 5, series);
            _point++;
        }
    }

    void AddNumber(in OtlpMetric metric, SeriesRef series, ulong startNs, ulong timeNs, double value)
    {
        if (AddsUp(metric))
        {
            if (StaleMarker.IsStale(value)) _cache.Deltas!.Remove(series);
            else if (Refused(_cache.Deltas!.Add(series, ref startNs, timeNs, ref value, IsAgain))) return;
        }
        Add(series, Milliseconds(timeNs), value, metric.Kind == OtlpKind.Gauge ? 0 : Milliseconds(startNs));
    }

    /// <summary>Counts a point that cannot be added up.</summary>
    bool Refused(string? problem)
    {
        if (problem is null) return false;
        _result.Rejected++;
        _result.Refuse(problem);
        return true;
    }

    void SummaryPoints(in OtlpMetric metric)
    {
        var points = new ProtobufReader(metric.Points);
        while (NextPoint(ref points, out var message))
        {
            BeginKey(metric, message, attributesField: 7);
            if (!Summary(metric, message)) _result.Rejected++;
            _point++;
        }
    }

    /// <returns>False if a series was refused.</returns>
    bool Summary(in OtlpMetric metric, ReadOnlySpan<byte> message)
    {
        ulong startNs = 0, timeNs = 0, count = 0;
        double sum = 0;
        bool stale = false;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: startNs = reader.ReadFixed64(); break;
                case 3: timeNs = reader.ReadFixed64(); break;
                case 4: count = reader.ReadFixed64(); break;
                case 5: sum = reader.ReadDouble(); break;
                case 8: stale = (reader.ReadVarint() & 1) != 0; break;
                default: reader.Skip(); break;
            }
        }
        bool complete = AddPart(metric, SeriesPart.Sum, 0, timeNs, startNs, stale ? StaleMarker.Value : sum)
            & AddPart(metric, SeriesPart.Count, 0, timeNs, startNs, stale ? StaleMarker.Value : count);
        reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != 6)
            {
                reader.Skip();
                continue;
            }
            double quantile = 0, value = 0;
            var pair = new ProtobufReader(reader.ReadBytes());
            while (pair.Next())
            {
                if (pair.Field == 1) quantile = pair.ReadDouble();
                else if (pair.Field == 2) value = pair.ReadDouble();
                else pair.Skip();
            }
            complete &= AddPart(metric, SeriesPart.Quantile, quantile, timeNs, startNs, stale ? StaleMarker.Value : value);
        }
        return complete;
    }

    bool AddPart(in OtlpMetric metric, SeriesPart part, double bound, ulong timeNs, ulong startNs, double value)
    {
        if (!Resolve(metric, part, bound, out var series)) return false;
        Add(series, Milliseconds(timeNs), value, Milliseconds(startNs));
        return true;
    }

    void AddExemplars(ReadOnlySpan<byte> message, int exemplarsField, SeriesRef series)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == exemplarsField) _batch.AddExemplar(series, OtlpExemplar.Read(reader.ReadBytes()));
            else reader.Skip();
        }
    }

    static bool NextPoint(ref ProtobufReader points, out ReadOnlySpan<byte> message)
    {
        while (points.Next())
        {
            if (points.Field == 1)
            {
                message = points.ReadBytes();
                return true;
            }
            points.Skip();
        }
        message = default;
        return false;
    }
}
