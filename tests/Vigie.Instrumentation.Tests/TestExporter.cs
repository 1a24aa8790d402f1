using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;

namespace Vigie.Instrumentation.Tests;

/// <summary>A meter of its own with an exporter that sees it alone.</summary>
sealed class TestExporter : IDisposable
{
    readonly List<Meter> _others = [];

    public TestExporter(Action<MetricsExporterOptions>? configure = null)
    {
        Meter = new Meter(new MeterOptions("Test") { Scope = this });
        var options = new MetricsExporterOptions { IncludeMeter = meter => ReferenceEquals(meter.Scope, this) };
        configure?.Invoke(options);
        Exporter = new MetricsExporter(options);
    }

    public Meter Meter { get; }

    public MetricsExporter Exporter { get; }

    public Meter AnotherMeter(params KeyValuePair<string, object?>[] tags)
    {
        var meter = new Meter(new MeterOptions("Another") { Scope = this, Tags = tags });
        _others.Add(meter);
        return meter;
    }

    /// <summary>The page without the exporter's metrics about itself.</summary>
    public string Page(ExpositionFormat format = ExpositionFormat.Text) =>
        string.Concat(FullPage(format).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("vigie_instrumentation_")).Select(line => line + "\n"));

    public string FullPage(ExpositionFormat format = ExpositionFormat.Text)
    {
        var output = new ArrayBufferWriter<byte>();
        Exporter.Write(output, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public void Dispose()
    {
        Exporter.Dispose();
        Meter.Dispose();
        foreach (var meter in _others) meter.Dispose();
    }
}
