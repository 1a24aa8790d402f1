using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// The <c>_created</c> lines of an OpenMetrics page: when the counters, histograms and summaries on it began. A line belongs to the samples
/// around it that are of the same family and whose labels are the same but for <c>le</c> and <c>quantile</c>.
/// </summary>
sealed class CreatedLines
{
    const string Suffix = "_created";
    static readonly string[] SampleSuffixes = ["_total", "_bucket", "_count", "_sum"];

    readonly Dictionary<(int Run, Labels Series), long> _startsMs = [];
    readonly List<int> _runs = [];  // where, on the page, samples of another family begin

    /// <exception cref="ExpositionException">The page is malformed.</exception>
    public static CreatedLines Of(ReadOnlySpan<byte> page)
    {
        var lines = new CreatedLines();
        var reader = new ExpositionReader(page, ExpositionFormat.OpenMetrics);
        string family = "";
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
        {
            if (entry != ExpositionEntry.Sample) continue;
            bool created = IsOne(reader);
            var key = KeyOf(reader, created ? [Suffix] : SampleSuffixes);
            if (key.MetricName != family) lines._runs.Add(reader.SeriesEnd);
            family = key.MetricName;
            if (created) lines._startsMs[(lines._runs.Count, key)] = (long)Math.Clamp(reader.Value * 1000, long.MinValue, 9e18);
        }
        return lines;
    }

    /// <summary>Whether the reader stands on such a line: families of other types may have samples of that name. Exemplars mark a sample
    /// too.</summary>
    public static bool IsOne(in ExpositionReader reader) => HasStart(reader.Kind) && !reader.HasExemplar
        && reader.NameText.EndsWith("_created"u8);

    /// <returns>Unix milliseconds, or null.</returns>
    public long? StartOf(in ExpositionReader reader)
    {
        if (!HasStart(reader.Kind)) return null;
        int run = _runs.BinarySearch(reader.SeriesEnd);
        return _startsMs.TryGetValue((run < 0 ? ~run : run + 1, KeyOf(reader, SampleSuffixes)), out long startMs) ? startMs : null;
    }

    static bool HasStart(MetricKind kind) => kind is MetricKind.Counter or MetricKind.Histogram or MetricKind.Summary;

    static Labels KeyOf(in ExpositionReader reader, string[] suffixes)
    {
        var labels = new List<Label>();
        reader.ReadLabels(labels);
        var key = new LabelsBuilder(labels.Count);
        foreach (var (name, value) in labels)
            if (name is not (LabelNames.Bucket or LabelNames.Quantile)) key.Set(name, value);
        string metric = key[LabelNames.MetricName];
        foreach (string suffix in suffixes)
        {
            if (!metric.EndsWith(suffix, StringComparison.Ordinal)) continue;
            metric = metric[..^suffix.Length];
            break;
        }
        return key.Set(LabelNames.MetricName, metric).Build();
    }
}
