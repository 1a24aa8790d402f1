using System.Buffers;
using System.Globalization;
using System.Text;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// Writes a page of Prometheus text 0.0.4 or OpenMetrics 1.0: per family <see cref="Family"/>, then its samples, at last <see cref="End"/>.
/// Writes straight into the buffer writer. The caller gives names with their suffixes (<c>_total</c>, <c>_bucket</c>).
/// </summary>
public sealed class ExpositionWriter
{
    readonly IBufferWriter<byte> _output;
    readonly bool _openMetrics;

    /// <param name="format"><see cref="ExpositionFormat.Text"/> or <see cref="ExpositionFormat.OpenMetrics"/>.</param>
    public ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
    {
        if (format == ExpositionFormat.Protobuf) throw new ArgumentOutOfRangeException(nameof(format));
        _output = output;
        _openMetrics = format == ExpositionFormat.OpenMetrics;
    }

    /// <summary>HELP, TYPE and (OpenMetrics) UNIT of a family.</summary>
    /// <param name="name">As in the text format; OpenMetrics drops <c>_total</c> of counters and <c>_info</c> of infos here.</param>
    /// <param name="help">Left out of the text format if empty.</param>
    public void Family(ReadOnlySpan<char> name, MetricKind kind, string help, string unit = "")
    {
        if (_openMetrics)
        {
            if (kind == MetricKind.Counter && name.EndsWith("_total")) name = name[..^"_total".Length];
            else if (kind == MetricKind.Info && name.EndsWith("_info")) name = name[..^"_info".Length];
            // A counter must be exposed as name_total; one that is not would be refused by strict readers.
            else if (kind == MetricKind.Counter) kind = MetricKind.Unknown;
        }
        if (help.Length > 0)
        {
            Raw("# HELP "u8);
            Name(name);
            Raw(" "u8);
            Escaped(help, quotes: _openMetrics);
            Raw("\n"u8);
        }
        Raw("# TYPE "u8);
        Name(name);
        Raw(" "u8);
        Text(_openMetrics ? MetricKinds.NameOf(kind) : MetricKinds.TextNameOf(kind));
        Raw("\n"u8);
        if (!_openMetrics || unit.Length == 0 || !name.EndsWith(unit)) return;
        Raw("# UNIT "u8);
        Name(name);
        Raw(" "u8);
        Text(unit);
        Raw("\n"u8);
    }

    /// <summary>One sample. A label called <c>__name__</c> is passed over.</summary>
    /// <param name="timestampMs">Unix milliseconds; null: none.</param>
    public void Sample(
        ReadOnlySpan<char> name, ReadOnlySpan<Label> labels, double value, long? timestampMs = null, Exemplar? exemplar = null)
    {
        bool legacy = IsLegacyMetricName(name);
        if (legacy) Text(name);
        bool open = !legacy;
        if (open)
        {
            Raw("{"u8);
            Quoted(name);
        }
        foreach (ref readonly var label in labels)
        {
            if (label.Name == LabelNames.MetricName) continue;
            Raw(open ? ","u8 : "{"u8);
            open = true;
            Pair(label);
        }
        if (open) Raw("}"u8);
        Raw(" "u8);
        Number(value);
        if (timestampMs is { } timestamp)
        {
            Raw(" "u8);
            Timestamp(timestamp);
        }
        if (_openMetrics && exemplar is { } reference) WriteExemplar(reference);
        Raw("\n"u8);
    }

    /// <inheritdoc cref="Sample(ReadOnlySpan{char}, ReadOnlySpan{Label}, double, long?, Exemplar?)"/>
    public void Sample(string name, double value) => Sample(name, default, value);

    /// <inheritdoc cref="Sample(ReadOnlySpan{char}, ReadOnlySpan{Label}, double, long?, Exemplar?)"/>
    public void Sample(string name, string label, string labelValue, double value) => Sample(name, [new Label(label, labelValue)], value);

    /// <summary>The end of the page: OpenMetrics demands a last line.</summary>
    public void End()
    {
        if (_openMetrics) Raw("# EOF\n"u8);
    }

    void WriteExemplar(in Exemplar exemplar)
    {
        Raw(" # {"u8);
        for (int i = 0; i < exemplar.Labels.Count; i++)
        {
            if (i > 0) Raw(","u8);
            Pair(exemplar.Labels[i]);
        }
        Raw("} "u8);
        Number(exemplar.Value);
        if (!exemplar.HasTimestamp) return;
        Raw(" "u8);
        Timestamp(exemplar.TimestampMs);
    }

    void Pair(in Label label)
    {
        if (Labels.IsLegacyName(label.Name)) Text(label.Name);
        else Quoted(label.Name);
        Raw("="u8);
        Quoted(label.Value);
    }

    void Number(double value)
    {
        var span = _output.GetSpan(SampleNumber.LengthMax);
        _output.Advance(_openMetrics ? SampleNumber.FormatOpenMetrics(value, span) : SampleNumber.Format(value, span));
    }

    void Timestamp(long timestampMs)
    {
        var span = _output.GetSpan(SampleNumber.LengthMax);
        int written;
        if (_openMetrics) ((decimal)timestampMs / 1000).TryFormat(span, out written, "0.###", CultureInfo.InvariantCulture);
        else timestampMs.TryFormat(span, out written, default, CultureInfo.InvariantCulture);
        _output.Advance(written);
    }

    void Name(ReadOnlySpan<char> name)
    {
        if (IsLegacyMetricName(name)) Text(name);
        else Quoted(name);
    }

    static bool IsLegacyMetricName(ReadOnlySpan<char> name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or ':')) return false;
        return true;
    }

    void Quoted(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        Escaped(text, quotes: true);
        Raw("\""u8);
    }

    void Escaped(ReadOnlySpan<char> text, bool quotes)
    {
        while (true)
        {
            int at = quotes ? text.IndexOfAny('\\', '\n', '"') : text.IndexOfAny('\\', '\n');
            if (at < 0) break;
            Text(text[..at]);
            Raw(text[at] switch { '\n' => "\\n"u8, '"' => "\\\""u8, _ => "\\\\"u8 });
            text = text[(at + 1)..];
        }
        Text(text);
    }

    void Text(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, _output);

    void Raw(ReadOnlySpan<byte> bytes) => _output.Write(bytes);
}
