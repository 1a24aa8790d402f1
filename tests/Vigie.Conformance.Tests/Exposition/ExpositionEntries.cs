using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Conformance.Tests.Exposition;

/// <summary>Entries of a page in the notation of the vectors, so that expectation and result can be compared as texts.</summary>
static class ExpositionEntries
{
    public static string Expected(JsonNode entry)
    {
        var node = entry.AsObject();
        foreach (string kind in (string[])["help", "type", "unit"])
            if (node[kind] is JsonArray pair) return $"{kind} {pair[0]} {pair[1]}";
        if (node["comment"] is { } comment) return $"comment {comment}";
        var text = new StringBuilder(LabelsOf(node["labels"]).ToString());
        if (node["value"] is { } value) text.Append(' ').Append(Number(Parse(value)));
        if (node["histogram"] is { } histogram) text.Append(' ').Append(Histogram(histogram.AsObject()));
        if (node["ts"] is { } timestamp) text.Append(" @").Append(timestamp);
        if (node["start"] is { } start) text.Append(" start ").Append(start);
        foreach (var exemplar in node["exemplars"]?.AsArray() ?? [])
        {
            text.Append(" # ").Append(LabelsOf(exemplar!["labels"])).Append(' ')
                .Append(Number(Parse(exemplar["value"]!)));
            if (exemplar["ts"] is { } exemplarTimestamp) text.Append(" @").Append(exemplarTimestamp);
        }
        return text.ToString();
    }

    /// <param name="keepClassic">Null: histograms stay classic; else convert them, and keep the classic samples too if true.</param>
    public static List<string> Read(byte[] page, ExpositionFormat format, ExpositionOptions options, bool? keepClassic = null)
    {
        var entries = new List<string>();
        var labels = new List<Label>();
        var histograms = new ClassicHistogramConverter();
        var reader = new ExpositionReader(page, format, options);
        while (true)
        {
            var entry = reader.Read();
            if (entry == ExpositionEntry.Sample) reader.ReadLabels(labels);
            if (histograms.IsCollecting && !(entry == ExpositionEntry.Sample && histograms.Continues(reader.Kind, labels))
                && histograms.Finish() is { } histogram) entries.Add($"{Labels.Of(histograms.Labels.ToArray())} {Histogram(histogram)}");
            switch (entry)
            {
                case ExpositionEntry.End: return entries;
                case ExpositionEntry.Help: entries.Add($"help {reader.ReadName()} {reader.ReadHelp()}"); break;
                case ExpositionEntry.Unit: entries.Add($"unit {reader.ReadName()} {reader.ReadHelp()}"); break;
                case ExpositionEntry.Type: entries.Add($"type {reader.ReadName()} {MetricKinds.NameOf(reader.Kind)}"); break;
                case ExpositionEntry.Comment: entries.Add($"comment {Encoding.UTF8.GetString(reader.MetadataText)}"); break;
                case ExpositionEntry.Sample when keepClassic is not null
                    && histograms.TryTake(reader.Kind, labels, reader.Value, null, null) && keepClassic is false:
                    break;
                default:
                    var text = new StringBuilder(Labels.Of(labels.ToArray()).ToString()).Append(' ').Append(Number(reader.Value));
                    if (reader.HasTimestamp) text.Append(CultureInfo.InvariantCulture, $" @{reader.TimestampMs}");
                    if (reader.StartTimestampMs != 0) text.Append(CultureInfo.InvariantCulture, $" start {reader.StartTimestampMs}");
                    if (reader.HasExemplar) text.Append(Exemplar(reader.ReadExemplar()));
                    entries.Add(text.ToString());
                    break;
            }
        }
    }

    public static List<string> ReadProtobuf(byte[] page)
    {
        var entries = new List<string>();
        var reader = new ProtobufExpositionReader(page, new ProtobufOptions(NativeHistograms: true, AlwaysClassic: false));
        while (true)
        {
            switch (reader.Read())
            {
                case ExpositionEntry.End: return entries;
                case ExpositionEntry.Help: entries.Add($"help {reader.Name} {reader.Text}"); break;
                case ExpositionEntry.Unit: entries.Add($"unit {reader.Name} {reader.Text}"); break;
                case ExpositionEntry.Type: entries.Add($"type {reader.Name} {MetricKinds.NameOf(reader.Kind)}"); break;
                default:
                    string value = reader.Histogram is { } histogram ? Histogram(histogram) : Number(reader.Value);
                    var text = new StringBuilder(Labels.Of(reader.Labels.ToArray()).ToString()).Append(' ').Append(value);
                    if (reader.HasTimestamp) text.Append(CultureInfo.InvariantCulture, $" @{reader.TimestampMs}");
                    if (reader.StartTimestampMs != 0) text.Append(CultureInfo.InvariantCulture, $" start {reader.StartTimestampMs}");
                    foreach (var exemplar in reader.Exemplars) text.Append(Exemplar(exemplar));
                    entries.Add(text.ToString());
                    break;
            }
        }
    }

    public static string Exemplar(Exemplar exemplar)
    {
        var text = new StringBuilder(" # ").Append(exemplar.Labels).Append(' ').Append(Number(exemplar.Value));
        if (exemplar.HasTimestamp) text.Append(CultureInfo.InvariantCulture, $" @{exemplar.TimestampMs}");
        return text.ToString();
    }

    static double Parse(JsonNode number) =>
        SampleNumber.Parse(Encoding.UTF8.GetBytes(number.ToString()), out double value) is { } problem ? throw new FormatException(problem)
            : value;

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    static string Histogram(JsonObject node)
    {
        double Get(string name) => node[name] is { } value ? Parse(value) : 0;
        double[] List(string name) =>
            [.. (node[name]?.AsArray() ?? []).Select(value => Parse(value!))];
        HistogramSpan[] Spans(string name) =>
            [.. (node[name]?.AsArray() ?? []).Select(span => new HistogramSpan((int)span![0]!, (int)span[1]!))];
        return Histogram(new FloatHistogram
        {
            Schema = (int)Get("schema"), Count = Get("count"), Sum = Get("sum"), ZeroCount = Get("zeroCount"),
            ZeroThreshold = Get("zeroThreshold"),
            PositiveBuckets = List("positiveBuckets"), NegativeBuckets = List("negativeBuckets"), PositiveSpans = Spans("positiveSpans"),
            NegativeSpans = Spans("negativeSpans"), CustomValues = List("customValues"),
            CounterResetHint = node["counterResetHint"]?.ToString() == "gauge" ? CounterResetHint.Gauge : CounterResetHint.Unknown,
        });
    }

    public static string Histogram(FloatHistogram h) =>
        string.Create(CultureInfo.InvariantCulture,
            $"<{h.CounterResetHint} {h.Schema} {h.Count:R} {h.Sum:R} {h.ZeroCount:R} {h.ZeroThreshold:R} ")
        + $"+{string.Join(',', h.PositiveSpans)} {string.Join(',', h.PositiveBuckets.Select(Number))} "
        + $"-{string.Join(',', h.NegativeSpans)} {string.Join(',', h.NegativeBuckets.Select(Number))} "
        + $"{string.Join(',', h.CustomValues.Select(Number))}>";

    static Labels LabelsOf(JsonNode? labels)
    {
        var builder = new LabelsBuilder();
        foreach (var (name, value) in labels?.AsObject() ?? []) builder.Set(name, value!.ToString());
        return builder.Build();
    }
}
