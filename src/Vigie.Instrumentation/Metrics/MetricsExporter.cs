using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>
/// Collects the instruments of the process's meters and writes them as a metrics page. Recording takes no lock and, once a tag set is
/// known, allocates nothing. Instruments of one name and kind share their series; one whose kind disagrees is refused and reported.
/// An instrument's name is used as it stands when it is a valid Prometheus name, and translated from OpenTelemetry's style otherwise.
/// </summary>
public sealed class MetricsExporter : IDisposable
{
    /// <summary>Orders of the same tags that a binding remembers per series, at most.</summary>
    const int TagOrdersPerSeriesMax = 4;

    readonly MetricsExporterOptions _options;
    readonly ILogger _logger;
    readonly MeterListener _listener = new();
    readonly InstrumentationMetrics _metrics;
    readonly CollectionNumber _collection = new();
    readonly Lock _writing = new(); // one page at a time: observed series belong to the collection that runs
    readonly Lock _lock = new(); // guards _families and the replacement of _sorted
    readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    MetricFamily[]? _sorted;

    /// <summary>Starts listening to the meters there are and those that will come.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public MetricsExporter(MetricsExporterOptions? options = null, ILogger<MetricsExporter>? logger = null)
    {
        _options = options ?? new MetricsExporterOptions();
        _options.Validate();
        _logger = logger ?? NullLogger<MetricsExporter>.Instance;
        _metrics = new InstrumentationMetrics(this);

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Bind(instrument) is { } binding) listener.EnableMeasurementEvents(instrument, binding);
        };
        _listener.MeasurementsCompleted = (_, state) => Unbind((InstrumentBinding?)state);
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.Start();
    }

    /// <summary>Observes the observable instruments and writes one complete page. Safe to call from several threads.</summary>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        lock (_writing)
        {
            _collection.Advance();
            Observe();
            var writer = new ExpositionWriter(output);
            foreach (var family in Sorted()) family.Write(ref writer, format);
            if (format == ExpositionFormat.OpenMetrics) writer.Write("# EOF\n"u8);
            writer.Flush();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    static void Record(double value, ReadOnlySpan<Tag> tags, object? state) => ((InstrumentBinding)state!).Record(value, tags);

    void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            // The other instruments have been observed: a page with a gap is better than none.
            foreach (var inner in e.InnerExceptions) _logger.ObservationFailed(inner);
            _metrics.FailedObservations.Add(e.InnerExceptions.Count);
        }
    }

    MetricFamily[] Sorted()
    {
        lock (_lock) return _sorted ??= [.. _families.Values.OrderBy(family => family.Description.Name, StringComparer.Ordinal)];
    }

    InstrumentBinding? Bind(Instrument instrument)
    {
        if (!IsIncluded(instrument.Meter)) return null;
        var description = MetricDescription.Of(instrument, _options);
        lock (_lock)
        {
            if (!_families.TryGetValue(description.Name, out var family))
            {
                family = new MetricFamily(description, _options.SeriesPerMetricMax, _collection, Overflowed);
                _families.Add(description.Name, family);
                _sorted = null;
            }
            if (family.Description.IsCompatibleWith(description))
            {
                var binding = new InstrumentBinding(instrument, family, _options.SeriesPerMetricMax * TagOrdersPerSeriesMax);
                family.Add(binding);
                return binding;
            }
            _logger.InstrumentRefused(description.Name, instrument.Meter.Name, description.Type, description.Recording,
                family.Description.Type, family.Description.Recording);
        }
        _metrics.RefusedInstruments.Add(1);
        return null;
    }

    void Unbind(InstrumentBinding? binding)
    {
        if (binding is null) return;
        lock (_lock)
        {
            binding.Family.Remove(binding);
            if (binding.Family.HasInstruments) return;
            _families.Remove(binding.Family.Description.Name);
            _sorted = null;
        }
    }

    bool IsIncluded(Meter meter) =>
        meter.Name == InstrumentationMetrics.MeterName ? ReferenceEquals(meter.Scope, this) : _options.IncludeMeter(meter);

    void Overflowed(MetricFamily family)
    {
        var name = family.Description.Name;
        if (name == InstrumentationMetrics.OverflowName) return;
        if (_metrics.CountOverflow(name)) _logger.SeriesOverflowed(name, _options.SeriesPerMetricMax);
    }
}
