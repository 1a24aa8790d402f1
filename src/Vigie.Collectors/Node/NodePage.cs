using System.Buffers;
using System.Globalization;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Collectors.Node;

/// <summary>What a collector writes on. Names are given without the <c>node_</c> in front.</summary>
sealed class NodePage(IBufferWriter<byte> output, ExpositionFormat format)
{
    readonly ExpositionWriter _writer = new(output, format);
    string _family = "";

    public void Family(string name, MetricKind kind, string help) => _writer.Family(_family = "node_" + name, kind, help);

    public void Counter(string name, string help) => Family(name, MetricKind.Counter, help);
    public void Gauge(string name, string help) => Family(name, MetricKind.Gauge, help);
    public void Untyped(string name, string help) => Family(name, MetricKind.Unknown, help);

    /// <summary>A sample of the latest family.</summary>
    public void Sample(double value, params ReadOnlySpan<Label> labels) => _writer.Sample(_family, labels, value);

    public void Sample(string label, string labelValue, double value) => _writer.Sample(_family, label, labelValue, value);

    public void Counter(string name, string help, double value)
    {
        Counter(name, help);
        Sample(value);
    }

    public void Gauge(string name, string help, double value)
    {
        Gauge(name, help);
        Sample(value);
    }

    public void End() => _writer.End();

    /// <summary>Splits at blanks.</summary>
    public static string[] Fields(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
