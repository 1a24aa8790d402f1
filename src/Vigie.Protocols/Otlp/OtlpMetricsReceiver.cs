using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Turns ExportMetricsServiceRequest messages (opentelemetry-proto 1.x, collector/metrics/v1) into samples, as Prometheus 3 does. A
/// series seen
/// before is recognised by the bytes of its data point, without making labels. Not thread-safe: one request at a time; the cache is shared.
/// </summary>
public sealed partial class OtlpMetricsReceiver
{
    /// <summary>How far ahead of this machine's clock a sample may be, as for remote write in Prometheus.</summary>
    const long AheadMsMax = 10 * 60_000;

    readonly ISampleSink _sink;
    readonly OtlpSeriesCache _cache;
    readonly OtlpSettings _settings;
    readonly OtlpNames _names;
    readonly OtlpLabels _labels;
    readonly OtlpResult _result = new();
    readonly SampleBatch _batch = new();
    readonly LabelsBuilder _seriesLabels = new();
    readonly HashSet<(SeriesRef, long)> _targetInfos = [];
    /// <summary>References that are to be resolved again where the cache still has them.</summary>
    readonly HashSet<SeriesRef> _forgetting = [];
    int[] _pointOf = new int[64];
    long _latestMs;
    byte[] _key = new byte[1024];
    int _keyLength;

    public OtlpMetricsReceiver(ISampleSink sink, OtlpSeriesCache cache)
    {
        _sink = sink;
        _cache = cache;
        _settings = cache.Settings;
        _names = new OtlpNames(_settings);
        _labels = new OtlpLabels(_settings, _names);
    }

    /// <returns>Valid until the next call.</returns>
    /// <exception cref="ProtocolException">The message is malformed; nothing was stored.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot accept data now; nothing was stored.</exception>
    public OtlpResult Append(ReadOnlySpan<byte> message)
    {
        _latestMs = _cache.Clock.GetUtcNow().ToUnixTimeMilliseconds() + AheadMsMax;
        Translate(message);
        if (_batch.Count == 0) return _result;
        var stored = _sink.Append(_batch);
        if (stored.UnknownSeries > 0)
        {
            // The store has dropped series this cache still knew. What was stored is stored again without harm.
            Forget();
            Translate(message);
            _forgetting.Clear();
            stored = _sink.Append(_batch);
        }
        _result.Samples = stored.Stored;
        if (stored.Stored < _batch.Count) CountRefused(stored);
        return _result;
    }

    void Translate(ReadOnlySpan<byte> message)
    {
        _batch.Clear();
        _result.Clear();
        _targetInfos.Clear();
        (_point, _aheadPoint) = (0, -1);
        var request = new ProtobufReader(message);
        while (request.Next())
        {
            if (request.Field == 1) ResourceMetrics(request.ReadBytes());
            else request.Skip();
        }
    }

    /// <summary>Notes the references of this batch that the store no longer knows.</summary>
    void Forget()
    {
        for (int i = 0; i < _batch.Count; i++)
            if (_batch.OutcomeOf(i) == AppendOutcome.UnknownSeries) _forgetting.Add(_batch.Series[i]);
    }

    void CountRefused(in AppendResult stored)
    {
        int last = -1;
        for (int i = 0; i < _batch.Count; i++)
        {
            if (_batch.OutcomeOf(i) == AppendOutcome.Stored || _pointOf[i] < 0 || _pointOf[i] == last) continue;
            last = _pointOf[i];
            _result.Rejected++;
        }
        if (last < 0) return;      // only samples nobody sent: zeros at the start, target_info
        _result.WrongTimes = true;
        _result.Refuse(stored.OutOfOrder > 0 ? "out of order sample"
            : stored.DuplicateTimestamp > 0 ? "duplicate sample for timestamp"
            : stored.TooOld > 0 ? "out of bounds" : "unknown series reference, send again");
    }

    void ResourceMetrics(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> resource = default;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) resource = reader.ReadBytes();
            else reader.Skip();
        }
        _earliestNs = ulong.MaxValue;
        _latestNs = 0;
        reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2) ScopeMetrics(reader.ReadBytes(), resource);
            else reader.Skip();
        }
        if (_earliestNs != ulong.MaxValue) TargetInfo(resource);
    }

    void ScopeMetrics(ReadOnlySpan<byte> message, ReadOnlySpan<byte> resource)
    {
        ReadOnlySpan<byte> scope = default, schemaUrl = default;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) scope = reader.ReadBytes();
            else if (reader.Field == 3) schemaUrl = reader.ReadBytes();
            else reader.Skip();
        }
        ulong context = ContextOfScope(resource, scope, schemaUrl);
        reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2) Metric(reader.ReadBytes(), resource, scope, schemaUrl, context);
            else reader.Skip();
        }
    }

    ulong ContextOfScope(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> schemaUrl)
    {
        _keyLength = 0;
        AddToKey((byte)'s');
        AddToKey(resource);
        if (_settings.PromoteScopeMetadata)
        {
            AddToKey(scope);
            AddToKey(schemaUrl);
        }
        var key = _key.AsSpan(0, _keyLength);
        return _cache.TryGetContext(key, out ulong context) ? context : _cache.AddContext(key);
    }

    void Metric(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope, ReadOnlySpan<byte> schemaUrl, ulong scopeContext)
    {
        ReadOnlySpan<byte> name = default, description = default, unit = default, points = default;
        int dataField = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.ReadBytes(); break;
                case 2: description = reader.ReadBytes(); break;
                case 3: unit = reader.ReadBytes(); break;
                case 5 or 7 or 9 or 10 or 11:
                    dataField = reader.Field;
                    points = reader.ReadBytes();
                    break;
                default: reader.Skip(); break;
            }
        }
        if (dataField == 0)
        {
            _result.Refuse($"could not get aggregation temporality for {AttributeText.Text(name)} as it has unsupported metric type Empty");
            return;
        }
        var (temporality, monotonic) = ReadAggregation(points, dataField);
        var metric = new OtlpMetric
        {
            Resource = resource, Scope = scope, ScopeSchemaUrl = schemaUrl, Name = name, Description = description, Unit = unit,
            Points = points, Kind = KindOf(dataField, monotonic), Temporality = temporality,
        };
        int count = ScanTimes(metric);
        _result.DataPoints += count;
        int before = _result.DataPoints - count;
        try
        {
            Points(metric, count, scopeContext);
        }
        catch (OtlpRefusal problem)
        {
            // The points before the one that was refused stay; it and those after it go.
            _result.Refuse(problem.Message);
            _result.Rejected += count - Math.Max(0, _point - before);
        }
        _point = _result.DataPoints;
    }

    void Points(in OtlpMetric metric, int count, ulong scopeContext)
    {
        if (metric.Kind is not (OtlpKind.Gauge or OtlpKind.Summary) && metric.Temporality != OtlpTemporality.Cumulative
            && (metric.Temporality != OtlpTemporality.Delta || _settings.Deltas == DeltaHandling.Refuse))
            throw new OtlpRefusal(
                $"invalid temporality and type combination for metric {GoText.Quote(AttributeText.Text(metric.Name))}");
        if (count == 0)
        {
            _result.Warn($"empty data points. {AttributeText.Text(metric.Name)} is dropped");
            return;
        }
        var known = WithContext(metric, scopeContext);
        switch (metric.Kind)
        {
            case OtlpKind.Gauge or OtlpKind.Sum or OtlpKind.MonotonicSum: NumberPoints(known); break;
            case OtlpKind.Histogram when _settings.ConvertHistogramsToNhcb: CustomBucketPoints(known); break;
            case OtlpKind.Histogram: HistogramPoints(known); break;
            case OtlpKind.ExponentialHistogram: ExponentialPoints(known); break;
            default: SummaryPoints(known); break;
        }
    }

    /// <summary>Names the metric in the cache; what is new there also gets its metadata.</summary>
    OtlpMetric WithContext(in OtlpMetric metric, ulong scopeContext)
    {
        _keyLength = 0;
        AddToKey((byte)'m');
        AddNumberToKey(scopeContext);
        AddToKey((byte)((int)metric.Kind << 2 | (int)metric.Temporality));
        AddToKey(metric.Name);
        AddToKey(metric.Unit);
        AddToKey(metric.Description);
        var key = _key.AsSpan(0, _keyLength);
        if (!_cache.TryGetContext(key, out ulong context))
        {
            string family = FamilyName(metric);
            _sink.SetMetadata(family, new MetricMetadata(
                TypeName(metric), AttributeText.Text(metric.Description), OtlpUnits.Name(AttributeText.Text(metric.Unit))));
            context = _cache.AddContext(key);
        }
        return new OtlpMetric
        {
            Resource = metric.Resource, Scope = metric.Scope, ScopeSchemaUrl = metric.ScopeSchemaUrl, Name = metric.Name,
            Description = metric.Description, Unit = metric.Unit, Points = metric.Points, Kind = metric.Kind,
            Temporality = metric.Temporality, Context = context,
        };
    }

    string FamilyName(in OtlpMetric metric) =>
        _names.MetricName(AttributeText.Text(metric.Name), AttributeText.Text(metric.Unit), metric.Kind);

    /// <summary>The type in Prometheus' words. What counts from point to point has none yet.</summary>
    internal static string TypeName(in OtlpMetric metric) => metric.Kind switch
    {
        OtlpKind.Gauge => "gauge",
        OtlpKind.Summary => "summary",
        _ when metric.Temporality == OtlpTemporality.Delta => "unknown",
        OtlpKind.MonotonicSum => "counter",
        OtlpKind.Sum => "gauge",
        _ => "histogram",
    };

    static (OtlpTemporality, bool Monotonic) ReadAggregation(ReadOnlySpan<byte> points, int dataField)
    {
        var temporality = OtlpTemporality.Unspecified;
        bool monotonic = false;
        if (dataField is 5 or 11) return (temporality, monotonic);
        var reader = new ProtobufReader(points);
        while (reader.Next())
        {
            if (reader.Field == 2) temporality = (OtlpTemporality)Math.Min(reader.ReadVarint(), 3);
            else if (reader.Field == 3) monotonic = reader.ReadVarint() != 0;
            else reader.Skip();
        }
        return (temporality, monotonic);
    }

    static OtlpKind KindOf(int dataField, bool monotonic) => dataField switch
    {
        5 => OtlpKind.Gauge,
        7 => monotonic ? OtlpKind.MonotonicSum : OtlpKind.Sum,
        9 => OtlpKind.Histogram,
        10 => OtlpKind.ExponentialHistogram,
        _ => OtlpKind.Summary,
    };
}
