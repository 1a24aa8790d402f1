using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Vigie.Conformance.Tests.Exposition;
using Vigie.Model;
using Vigie.Protocols.Otlp;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Otlp;

/// <summary>
/// otlp/metrics.json: OTLP metrics and the samples Prometheus makes of them. (otlp/logs.json is about logs, which are not here yet.)
/// </summary>
public sealed class OtlpMetricsConformanceTests
{
    [Fact]
    public void Metrics() => VectorFile.Check("otlp/metrics.json", test =>
    {
        var sink = new RecordingSink();
        var result = Send(sink, test["otlp"]!, SettingsOf(test["options"]));
        string refused = string.Join("; ", result.Refusals), refusal = test["conversionError"]?.ToString() ?? "";
        if (refused != refusal) return $"refused: found \"{refused}\", expected \"{refusal}\"";
        string warned = string.Join("; ", result.Warnings), warning = string.Join("; ", (test["warnings"]?.AsArray() ?? []).Select(w => w!.ToString()));
        if (warned != warning) return $"warnings: found \"{warned}\", expected \"{warning}\"";
        var expected = (test["samples"]?.AsArray() ?? []).Select(sample => ExpositionEntries.Expected(sample!) + MetadataOf(sample!)).Order(StringComparer.Ordinal).ToList();
        var found = sink.Samples().Order(StringComparer.Ordinal).ToList();
        return expected.SequenceEqual(found) ? null : $"found\n  {string.Join("\n  ", found)}\nexpected\n  {string.Join("\n  ", expected)}";
    });

    [Fact]
    public void Example_OfTheSpecification_IsStored()
    {
        if (!ConformanceData.IsPresent) return;
        var sink = new RecordingSink();
        var example = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("otlp", "examples", "metrics.json")))!;
        var result = Send(sink, example, new OtlpSettings { Deltas = DeltaHandling.AddUp });
        Assert.Empty(result.Refusals);
        string[] names = ["my_counter_total", "my_gauge_ratio", "my_histogram_bucket", "my_histogram_count", "my_histogram_sum", "my_exponential_histogram"];
        Assert.Equal(names.Order(StringComparer.Ordinal), sink.Names);
    }

    static OtlpResult Send(RecordingSink sink, JsonNode request, OtlpSettings settings)
    {
        byte[] message = OtlpJson.MetricsToProtobuf(Encoding.UTF8.GetBytes(request.ToJsonString()), 1 << 24);
        return new OtlpMetricsReceiver(sink, new OtlpSeriesCache(settings, TimeProvider.System)).Append(message);
    }

    static OtlpSettings SettingsOf(JsonNode? options)
    {
        var settings = new OtlpSettings();
        foreach (var (name, value) in options?.AsObject() ?? [])
        {
            settings = name switch
            {
                "promote_all_resource_attributes" => settings with { PromoteAllResourceAttributes = (bool)value! },
                "promote_resource_attributes" or "ignore_resource_attributes" =>
                    settings with { ResourceAttributes = value!.AsArray().Select(a => a!.ToString()).ToHashSet(StringComparer.Ordinal) },
                "keep_identifying_resource_attributes" => settings with { KeepIdentifyingResourceAttributes = (bool)value! },
                "convert_histograms_to_nhcb" => settings with { ConvertHistogramsToNhcb = (bool)value! },
                "promote_scope_metadata" => settings with { PromoteScopeMetadata = (bool)value! },
                "label_name_underscore_sanitization" => settings with { LabelNameUnderscoreSanitization = (bool)value! },
                "label_name_preserve_multiple_underscores" => settings with { LabelNamePreserveMultipleUnderscores = (bool)value! },
                "translation_strategy" => settings.WithStrategy(value!.ToString()),
                _ => throw new InvalidDataException($"found option {name}"),
            };
        }
        return settings;
    }

    static string MetadataOf(JsonNode sample) => $" [{sample["metadata"]!["type"]}|{sample["metadata"]!["unit"]}|{sample["metadata"]!["help"]}]";

    /// <summary>Keeps what it is given, in the notation of the vectors.</summary>
    sealed class RecordingSink : ISampleSink
    {
        readonly List<Labels> _series = [];
        readonly List<(SeriesRef Series, string Text, long TimestampMs)> _samples = [];
        readonly Dictionary<(SeriesRef, long), string> _exemplars = [];
        readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);

        public IEnumerable<string> Names => _series.Select(labels => labels.MetricName).Distinct().Order(StringComparer.Ordinal);

        public SeriesRef Resolve(Labels labels)
        {
            int known = _series.IndexOf(labels);
            if (known < 0) _series.Add(labels);
            return new SeriesRef((ulong)(known < 0 ? _series.Count : known + 1));
        }

        public AppendResult Append(SampleBatch batch)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                var histogram = batch.Histograms.FirstOrDefault(pair => pair.Index == i).Histogram;
                string value = histogram is null ? ExpositionEntries.Number(batch.Values[i]) : ExpositionEntries.Histogram(histogram);
                string start = batch.StartOf(i) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" start {batch.StartOf(i)}");
                _samples.Add((batch.Series[i], string.Create(CultureInfo.InvariantCulture, $"{value} @{batch.Timestamps[i]}{start}"), batch.Timestamps[i]));
            }
            foreach (var (series, exemplar) in batch.Exemplars)
            {
                long newest = _samples.Last(sample => sample.Series == series).TimestampMs;
                _exemplars[(series, newest)] = _exemplars.GetValueOrDefault((series, newest), "") + ExpositionEntries.Exemplar(exemplar);
            }
            return new AppendResult(batch.Count, 0, 0, 0, 0);
        }

        public void SetMetadata(string metricFamily, in MetricMetadata metadata) => _metadata[metricFamily] = metadata;

        public IEnumerable<string> Samples() => _samples.Select(sample =>
        {
            var labels = _series[(int)sample.Series.Value - 1];
            string exemplars = _exemplars.GetValueOrDefault((sample.Series, sample.TimestampMs), "");
            var metadata = MetadataOf(labels.MetricName);
            return $"{labels} {sample.Text}{exemplars} [{metadata.Type}|{metadata.Unit}|{metadata.Help}]";
        });

        MetricMetadata MetadataOf(string name)
        {
            if (_metadata.TryGetValue(name, out var metadata)) return metadata;
            return _metadata.GetValueOrDefault(name[..Math.Max(0, name.LastIndexOf('_'))], new MetricMetadata("none", "", ""));
        }
    }
}
