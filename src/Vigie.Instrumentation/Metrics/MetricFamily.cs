using System.Text;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>
/// All series of one metric name, whichever instruments feed them. Bounded: past <paramref name="seriesMax"/> label sets, measurements
/// of new ones are added up in one series labelled <c>vigie_overflow="true"</c> (a gauge's are dropped), and reported.
/// </summary>
sealed class MetricFamily(
    MetricDescription description, int seriesMax, CollectionNumber collection, Action<MetricFamily> overflowed)
{
    const string OverflowLabels = "vigie_overflow=\"true\"";

    readonly MetricText _text = MetricText.For(description, ExpositionFormat.Text);
    readonly MetricText _openMetricsText = MetricText.For(description, ExpositionFormat.OpenMetrics);

    readonly Lock _lock = new();
    readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal); // guarded by _lock
    readonly List<Series> _inOrder = []; // guarded by _lock; order of creation, so that pages keep their order
    readonly List<InstrumentBinding> _bindings = []; // guarded by _lock
    Series? _overflow; // guarded by _lock

    public MetricDescription Description => description;

    public bool HasInstruments
    {
        get
        {
            lock (_lock) return _bindings.Count > 0;
        }
    }

    public void Add(InstrumentBinding binding)
    {
        lock (_lock) _bindings.Add(binding);
    }

    public void Remove(InstrumentBinding binding)
    {
        lock (_lock) _bindings.Remove(binding);
    }

    /// <summary>The series for these tags, found the slow way: bindings remember it, save when <paramref name="isOverflow"/>.</summary>
    public Series Resolve(ReadOnlySpan<Tag> instrumentTags, ReadOnlySpan<Tag> tags, out bool isOverflow)
    {
        var labels = LabelText.Of(instrumentTags, tags, description.Type == MetricType.Histogram);
        Series? series;
        lock (_lock)
        {
            isOverflow = false;
            if (_byLabels.TryGetValue(labels, out series)) return series;
            if (_byLabels.Count < seriesMax) return Create(labels);
            isOverflow = true;
            _overflow ??= CreateOverflow();
            series = _overflow;
        }
        overflowed(this);
        return series;
    }

    /// <summary>Writes the current series; observed series that this collection has not seen are forgotten.</summary>
    public void Write(ref ExpositionWriter writer, ExpositionFormat format)
    {
        var text = format == ExpositionFormat.OpenMetrics ? _openMetricsText : _text;
        lock (_lock)
        {
            if (description.Recording is Recording.ObserveSum or Recording.ObserveLast) Forget();
            if (_inOrder.Count == 0) return;
            writer.Write(text.Header);
            foreach (var series in _inOrder) series.Write(ref writer, text);
        }
    }

    Series Create(string labels)
    {
        var series = New(Encoding.UTF8.GetBytes(labels));
        _byLabels.Add(labels, series);
        _inOrder.Add(series);
        return series;
    }

    Series CreateOverflow()
    {
        var series = New(Encoding.UTF8.GetBytes(OverflowLabels));
        if (description.Recording is not (Recording.Set or Recording.ObserveLast)) _inOrder.Add(series);
        return series;
    }

    Series New(byte[] labels) => description.Recording switch
    {
        Recording.AddIncrease => new SumSeries(labels, increasesOnly: true),
        Recording.Add => new SumSeries(labels, increasesOnly: false),
        Recording.Distribute => new HistogramSeries(labels, description.Buckets),
        Recording.ObserveSum => new ObservedSeries(labels, collection, isSum: true),
        Recording.ObserveLast => new ObservedSeries(labels, collection, isSum: false),
        _ => new GaugeSeries(labels),
    };

    void Forget()
    {
        var now = collection.Value;
        if (_inOrder.RemoveAll(series => !series.IsCurrent(now)) == 0) return;
        foreach (var (labels, series) in _byLabels)
        {
            if (!series.IsCurrent(now)) _byLabels.Remove(labels);
        }
        if (_overflow?.IsCurrent(now) == false) _overflow = null;
        foreach (var binding in _bindings) binding.Forget();
    }
}
