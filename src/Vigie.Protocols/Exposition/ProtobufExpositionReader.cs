using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Exposition;

/// <param name="NativeHistograms">Read native histograms; otherwise only their classic buckets, if they have any.</param>
/// <param name="AlwaysClassic">Read the classic buckets of a native histogram too.</param>
public readonly record struct ProtobufOptions(bool NativeHistograms, bool AlwaysClassic);

/// <summary>
/// Reads a page of length-delimited io.prometheus.client.MetricFamily messages (prometheus/client_model, metrics.proto) as the series that
/// Prometheus makes of them: a histogram or summary becomes _count, _sum and one series per bucket or quantile.
/// </summary>
public ref struct ProtobufExpositionReader
{
    readonly ProtobufOptions _options;
    ProtobufReader _page;
    ProtobufReader _metrics;
    readonly Queue<ExpositionEntry> _metadata = new();
    readonly Queue<Step> _steps = new();
    readonly List<Label> _metricLabels = [];
    readonly List<Exemplar> _none = [];
    string _help = "", _unit = "";
    int _familyStart;       // offset in the page

    readonly record struct Step(string Suffix, string BoundLabel, double Bound, double Value, FloatHistogram? Histogram, List<Exemplar>? Exemplars);

    public ProtobufExpositionReader(ReadOnlySpan<byte> page, ProtobufOptions options)
    {
        _page = new ProtobufReader(page);
        _options = options;
        Exemplars = _none;
    }

    /// <summary>Family name.</summary>
    public string Name { get; private set; } = "";
    /// <summary>Help or unit of a metadata entry.</summary>
    public string Text { get; private set; } = "";
    public MetricKind Kind { get; private set; }
    /// <summary>Of the current sample, metric name first; valid until the next step.</summary>
    public List<Label> Labels { get; } = [];
    public double Value { get; private set; }
    public FloatHistogram? Histogram { get; private set; }
    public IReadOnlyList<Exemplar> Exemplars { get; private set; }
    public bool HasTimestamp { get; private set; }
    /// <summary>Unix milliseconds.</summary>
    public long TimestampMs { get; private set; }
    /// <summary>When counting began, Unix milliseconds; 0: not known.</summary>
    public long StartTimestampMs { get; private set; }

    /// <exception cref="ExpositionException">The page is malformed here.</exception>
    public ExpositionEntry Read()
    {
        try
        {
            return ReadEntry();
        }
        catch (ProtocolException problem)
        {
            throw Problem($"{problem.Message} (in family {GoText.Quote(Name)} at byte {_familyStart} of the page)");
        }
    }

    ExpositionEntry ReadEntry()
    {
        while (true)
        {
            if (_metadata.TryDequeue(out var entry))
            {
                Text = entry == ExpositionEntry.Unit ? _unit : _help;
                return entry;
            }
            if (_steps.TryDequeue(out var step))
            {
                Present(step);
                return step.Histogram is null ? ExpositionEntry.Sample : ExpositionEntry.Histogram;
            }
            if (NextMetric(out var metric)) ReadMetric(metric);
            else if (_page.AtEnd) return ExpositionEntry.End;
            else
            {
                _familyStart = _page.Position;
                Name = "";
                ReadFamily(_page.ReadDelimited());
            }
        }
    }

    bool NextMetric(out ReadOnlySpan<byte> metric)
    {
        while (_metrics.Next())
        {
            if (_metrics.Field == 4)
            {
                metric = _metrics.ReadBytes();
                return true;
            }
            _metrics.Skip();
        }
        metric = default;
        return false;
    }

    void ReadFamily(ReadOnlySpan<byte> family)
    {
        _metrics = new ProtobufReader(family);
        _help = _unit = "";
        ulong type = 0;
        var fields = new ProtobufReader(family);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: Name = TextOf(fields.ReadBytes()); break;
                case 2: _help = TextOf(fields.ReadBytes()); break;
                case 3: type = fields.ReadVarint(); break;
                case 5: _unit = TextOf(fields.ReadBytes()); break;
                default: fields.Skip(); break;
            }
        }
        Kind = type switch
        {
            0 => MetricKind.Counter, 1 => MetricKind.Gauge, 2 => MetricKind.Summary, 3 => MetricKind.Unknown, 4 => MetricKind.Histogram,
            5 => MetricKind.GaugeHistogram,
            _ => throw Problem($"unknown metric type {type} for metric {GoText.Quote(Name)}"),
        };
        if (Name.Length == 0) throw Problem("invalid metric name: \"\"");
        _metadata.Enqueue(ExpositionEntry.Help);
        if (_unit.Length > 0) _metadata.Enqueue(ExpositionEntry.Unit);
        _metadata.Enqueue(ExpositionEntry.Type);
    }

    void ReadMetric(ReadOnlySpan<byte> metric)
    {
        _metricLabels.Clear();
        HasTimestamp = false;
        TimestampMs = StartTimestampMs = 0;
        var fields = new ProtobufReader(metric);
        ReadOnlySpan<byte> value = default;
        int field = 0;
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: _metricLabels.Add(ReadLabel(fields.ReadBytes())); break;
                case 6:
                    TimestampMs = fields.ReadInt64();
                    HasTimestamp = TimestampMs != 0;
                    break;
                case 2 or 3 or 4 or 5 or 7:
                    value = fields.ReadBytes();
                    field = fields.Field;
                    break;
                default: fields.Skip(); break;
            }
        }
        switch (field)
        {
            case 2 or 5: ReadGauge(value); break;
            case 3: ReadCounter(value); break;
            case 4: ReadSummary(value); break;
            case 7: ReadHistogram(value); break;
            default: throw Problem($"metric {GoText.Quote(Name)} has no value");
        }
    }

    readonly void ReadGauge(ReadOnlySpan<byte> message)
    {
        double value = 0;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) value = fields.ReadDouble();
            else fields.Skip();
        }
        _steps.Enqueue(new Step("", "", 0, value, null, null));
    }

    void ReadCounter(ReadOnlySpan<byte> message)
    {
        double value = 0;
        List<Exemplar>? exemplars = null;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: value = fields.ReadDouble(); break;
                case 2: exemplars = [ReadExemplar(fields.ReadBytes())]; break;
                case 3: StartTimestampMs = ReadTimestamp(fields.ReadBytes()); break;
                default: fields.Skip(); break;
            }
        }
        _steps.Enqueue(new Step("", "", 0, value, null, exemplars));
    }

    void ReadSummary(ReadOnlySpan<byte> message)
    {
        double count = 0, sum = 0;
        var quantiles = new List<Step>();
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: count = fields.ReadVarint(); break;
                case 2: sum = fields.ReadDouble(); break;
                case 3: quantiles.Add(ReadPair(fields.ReadBytes())); break;
                case 4: StartTimestampMs = ReadTimestamp(fields.ReadBytes()); break;
                default: fields.Skip(); break;
            }
        }
        _steps.Enqueue(new Step("_count", "", 0, count, null, null));
        _steps.Enqueue(new Step("_sum", "", 0, sum, null, null));
        foreach (var quantile in quantiles) _steps.Enqueue(quantile);

        static Step ReadPair(ReadOnlySpan<byte> message)
        {
            double quantile = 0, value = 0;
            var fields = new ProtobufReader(message);
            while (fields.Next())
            {
                if (fields.Field == 1) quantile = fields.ReadDouble();
                else if (fields.Field == 2) value = fields.ReadDouble();
                else fields.Skip();
            }
            return new Step("", LabelNames.Quantile, quantile, value, null, null);
        }
    }

    void ReadHistogram(ReadOnlySpan<byte> message)
    {
        var histogram = ProtobufHistogram.Read(message);
        StartTimestampMs = histogram.StartTimestampMs;
        bool native = _options.NativeHistograms && histogram.IsNative;
        if (native)
        {
            var model = histogram.ToModel(Kind == MetricKind.GaugeHistogram);
            if (model.FindProblem() is { } problem) throw Problem($"histogram {GoText.Quote(Name)}: {problem}");
            var exemplars = histogram.NativeExemplars;
            _steps.Enqueue(new Step("", "", 0, 0, model, exemplars));
            if (!_options.AlwaysClassic || histogram.Buckets.Count == 0) return;
        }
        _steps.Enqueue(new Step("_count", "", 0, histogram.Count, null, null));
        _steps.Enqueue(new Step("_sum", "", 0, histogram.Sum, null, null));
        bool infinity = false;
        foreach (var bucket in histogram.Buckets)
        {
            infinity |= double.IsPositiveInfinity(bucket.UpperBound);
            _steps.Enqueue(new Step("_bucket", LabelNames.Bucket, bucket.UpperBound, bucket.CumulativeCount, null, bucket.Exemplars));
        }
        if (!infinity) _steps.Enqueue(new Step("_bucket", LabelNames.Bucket, double.PositiveInfinity, histogram.Count, null, null));
    }

    void Present(Step step)
    {
        Labels.Clear();
        Labels.Add(new Label(LabelNames.MetricName, Name + step.Suffix));
        Labels.AddRange(_metricLabels);
        if (step.BoundLabel.Length > 0)
        {
            Span<byte> text = stackalloc byte[SampleNumber.LengthMax];
            Labels.Add(new Label(step.BoundLabel, Encoding.UTF8.GetString(text[..SampleNumber.FormatOpenMetrics(step.Bound, text)])));
        }
        Value = step.Value;
        Histogram = step.Histogram;
        Exemplars = step.Exemplars ?? _none;
    }

    static Label ReadLabel(ReadOnlySpan<byte> message)
    {
        string name = "", value = "";
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) name = TextOf(fields.ReadBytes());
            else if (fields.Field == 2) value = TextOf(fields.ReadBytes());
            else fields.Skip();
        }
        return new Label(name, value);
    }

    internal static Exemplar ReadExemplar(ReadOnlySpan<byte> message)
    {
        var labels = new LabelsBuilder();
        double value = 0;
        long timestampMs = 0;
        bool hasTimestamp = false;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    var label = ReadLabel(fields.ReadBytes());
                    labels.Set(label.Name, label.Value);
                    break;
                case 2: value = fields.ReadDouble(); break;
                case 3:
                    timestampMs = ReadTimestamp(fields.ReadBytes());
                    hasTimestamp = true;
                    break;
                default: fields.Skip(); break;
            }
        }
        return new Exemplar(labels.Build(), value, timestampMs, hasTimestamp);
    }

    /// <summary>google.protobuf.Timestamp in Unix milliseconds.</summary>
    internal static long ReadTimestamp(ReadOnlySpan<byte> message)
    {
        long seconds = 0, nanoseconds = 0;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == 1) seconds = fields.ReadInt64();
            else if (fields.Field == 2) nanoseconds = fields.ReadInt64();
            else fields.Skip();
        }
        return unchecked(seconds * 1000 + nanoseconds / 1_000_000);
    }

    static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    static ExpositionException Problem(string message) => new(message, 0);
}
