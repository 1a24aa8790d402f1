using System.Buffers.Binary;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <content>From a data point to its series, and target_info.</content>
public sealed partial class OtlpMetricsReceiver
{
    /// <summary>Samples of target_info per resource and request: a request that spans more time gets the newest.</summary>
    const int TargetInfosMax = 1000;

    const long NanosecondsPerMs = 1_000_000;

    /// <summary>A number no metric has.</summary>
    const ulong NoContext = 0;

    /// <summary>Number of the data point being read, over the whole request.</summary>
    int _point;

    /// <summary>The last one refused for being in the future.</summary>
    int _aheadPoint;
    ulong _earliestNs, _latestNs;
    Labels? _baseLabels;

    static long Milliseconds(ulong unixNano) => unchecked((long)unixNano) / NanosecondsPerMs;

    /// <summary>Starts the key of a point's series: the metric, then the attributes as they stand in the message.</summary>
    void BeginKey(in OtlpMetric metric, ReadOnlySpan<byte> point, int attributesField)
    {
        _baseLabels = null;
        _keyLength = 0;
        AddNumberToKey(metric.Context);
        var reader = new ProtobufReader(point);
        int start = 0;
        while (reader.Next())
        {
            if (reader.Field == attributesField)
            {
                reader.ReadBytes();
                AddBytesToKey(point[start..reader.Position]);
            }
            else
            {
                reader.Skip();
            }
            start = reader.Position;
        }
    }

    /// <summary>The series of a part of the point whose key was begun. False: a limit refuses it, as the result says.</summary>
    /// <param name="bound">Upper bound of a bucket, or quantile.</param>
    /// <exception cref="OtlpRefusal">Its labels cannot be had.</exception>
    bool Resolve(in OtlpMetric metric, SeriesPart part, double bound, out SeriesRef series)
    {
        int pointKey = _keyLength;
        AddToKey((byte)part);
        if (part >= SeriesPart.Bucket) AddNumberToKey(BitConverter.DoubleToUInt64Bits(bound));
        var key = _key.AsSpan(0, _keyLength);
        bool known = _cache.Series.TryGet(key, out series) && !IsForgotten(series);
        if (!known)
        {
            _baseLabels ??= _labels.OfPoint(metric, _key.AsSpan(sizeof(ulong)..pointKey), _result);
            known = TryResolve(SeriesLabels(metric, part, bound), out series);
            if (known) _cache.Series.Set(key, series);
        }
        _keyLength = pointKey;
        return known;
    }

    Labels SeriesLabels(in OtlpMetric metric, SeriesPart part, double bound)
    {
        string name = FamilyName(metric);
        _seriesLabels.Reset(_baseLabels!);
        switch (part)
        {
            case SeriesPart.Sum: name += "_sum"; break;
            case SeriesPart.Count: name += "_count"; break;
            case SeriesPart.Bucket:
                name += "_bucket";
                _seriesLabels.Set("le", GoNumber.FormatFixed(bound));
                break;
            case SeriesPart.Quantile: _seriesLabels.Set("quantile", GoNumber.FormatFixed(bound)); break;
        }
        return _seriesLabels.Set(LabelNames.MetricName, name).Build();
    }

    bool IsForgotten(SeriesRef series) => _forgetting.Count > 0 && _forgetting.Contains(series);

    bool TryResolve(Labels labels, out SeriesRef series)
    {
        if (_sink.TryResolve(labels, out series, out string? refusal)) return true;
        _result.Refuse(refusal);
        return false;
    }

    /// <param name="startMs">When the counter began to count, 0 if not known.</param>
    void Add(SeriesRef series, long timestampMs, double value, long startMs)
    {
        if (_settings.ZeroAtStart && startMs > 0 && startMs < timestampMs && !StaleMarker.IsStale(value))
        {
            Note(-1);
            _batch.AddZeroAtStart(series, startMs);
        }
        if (IsAhead(timestampMs)) return;
        Note(_point);
        _batch.Add(series, timestampMs, value);
        _batch.SetStart(startMs);
    }

    void Add(SeriesRef series, long timestampMs, FloatHistogram histogram, long startMs)
    {
        if (_settings.ZeroAtStart && startMs > 0 && startMs < timestampMs && !StaleMarker.IsStale(histogram.Sum))
        {
            Note(-1);
            _batch.AddZeroAtStart(series, startMs, histogram);
        }
        if (IsAhead(timestampMs)) return;
        Note(_point);
        _batch.Add(series, timestampMs, histogram);
        _batch.SetStart(startMs);
    }

    /// <summary>Counts a point from the future, once.</summary>
    bool IsAhead(long timestampMs)
    {
        if (timestampMs <= _latestMs) return false;
        _result.WrongTimes = true;
        _result.Refuse("out of bounds");
        if (_aheadPoint != _point) _result.Rejected++;
        _aheadPoint = _point;
        return true;
    }

    /// <summary>Remembers which data point the next sample of the batch belongs to; −1 for none.</summary>
    void Note(int point)
    {
        if (_batch.Count == _pointOf.Length) Array.Resize(ref _pointOf, _pointOf.Length * 2);
        _pointOf[_batch.Count] = point;
    }

    /// <summary>Counts the points of a metric and widens the resource's times by theirs.</summary>
    int ScanTimes(in OtlpMetric metric)
    {
        int count = 0;
        var points = new ProtobufReader(metric.Points);
        while (points.Next())
        {
            if (points.Field != 1)
            {
                points.Skip();
                continue;
            }
            count++;
            ulong time = 0;
            var point = new ProtobufReader(points.ReadBytes());
            while (point.Next())
            {
                if (point.Field == 3) time = point.ReadFixed64();
                else point.Skip();
            }
            _earliestNs = Math.Min(_earliestNs, time);
            _latestNs = Math.Max(_latestNs, time);
        }
        return count;
    }

    /// <summary>
    /// What the resource says of itself, as a series of ones from its earliest to its latest point, twice in every look-back so that
    /// queries
    /// find it for all of them.
    /// </summary>
    void TargetInfo(ReadOnlySpan<byte> resource)
    {
        _keyLength = 0;
        AddNumberToKey(NoContext);
        AddToKey(resource);
        var key = _key.AsSpan(0, _keyLength);
        if (!_cache.Series.TryGet(key, out var series) || IsForgotten(series))
        {
            Labels? labels;
            try
            {
                labels = _labels.OfTarget(resource, _result);
            }
            catch (OtlpRefusal problem)
            {
                _result.Refuse(problem.Message);
                return;
            }
            series = default;
            if (labels is not null)
            {
                if (!TryResolve(labels, out series)) return;
                _sink.SetMetadata("target_info", new MetricMetadata("gauge", "Target metadata", ""));
            }
            _cache.Series.Set(key, series);
        }
        if (!series.IsValid) return;
        long latest = Milliseconds(_latestNs), interval = Math.Max(1, _settings.LookbackMs / 2);
        long at = Math.Max(Milliseconds(_earliestNs), latest - TargetInfosMax * interval);
        for (; at < latest; at += interval) AddTargetInfo(series, at);
        AddTargetInfo(series, latest);
    }

    void AddTargetInfo(SeriesRef series, long timestampMs)
    {
        if (timestampMs > _latestMs || !_targetInfos.Add((series, timestampMs))) return;
        Note(-1);
        _batch.Add(series, timestampMs, 1);
    }

    void AddToKey(byte value) => AddBytesToKey([value]);

    void AddNumberToKey(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        AddBytesToKey(bytes);
    }

    /// <summary>With its length, so that no two sequences of parts are one.</summary>
    void AddToKey(ReadOnlySpan<byte> part)
    {
        AddNumberToKey((ulong)part.Length);
        AddBytesToKey(part);
    }

    void AddBytesToKey(ReadOnlySpan<byte> bytes)
    {
        if (_keyLength + bytes.Length > _key.Length) Array.Resize(ref _key, Math.Max(_key.Length * 2, _keyLength + bytes.Length));
        bytes.CopyTo(_key.AsSpan(_keyLength));
        _keyLength += bytes.Length;
    }
}
