using System.Globalization;
using System.Text;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Scrape;

/// <summary>
/// From the labels on a page to those of a stored series: the target's labels (honor_labels, <c>exported_</c> names), metric relabelling,
/// limits. Belongs to one loop.
/// </summary>
sealed class SampleLabeller(Labels target, ScrapeConfig config)
{
    const string ExportedPrefix = "exported_";

    readonly List<Label> _read = [];
    readonly List<Label> _conflicts = [];
    readonly LabelsBuilder _labels = new();

    /// <summary>May be replaced by one with the <see cref="SameRules"/>.</summary>
    public ScrapeConfig Config { get; set; } = config;

    /// <summary>Whether two definitions of a job make the same series of the same page.</summary>
    public static bool SameRules(ScrapeConfig left, ScrapeConfig right) =>
        left.HonorLabels == right.HonorLabels && left.MetricNameValidation == right.MetricNameValidation && left.Limits == right.Limits
        && left.ScrapeNativeHistograms == right.ScrapeNativeHistograms
        && left.AlwaysScrapeClassicHistograms == right.AlwaysScrapeClassicHistograms
        && left.ConvertClassicHistograms == right.ConvertClassicHistograms
        && left.MetricRelabelRules.SequenceEqual(right.MetricRelabelRules, RuleComparer.Instance);

    sealed class RuleComparer : IEqualityComparer<RelabelRule>
    {
        public static readonly RuleComparer Instance = new();

        public bool Equals(RelabelRule? left, RelabelRule? right) => left is not null && right is not null
            && left.Action == right.Action && left.Separator == right.Separator && left.Regex.Source == right.Regex.Source
            && left.Modulus == right.Modulus && left.TargetLabel == right.TargetLabel && left.Replacement == right.Replacement
            && left.LegacyNames == right.LegacyNames && left.SourceLabels.SequenceEqual(right.SourceLabels);

        public int GetHashCode(RelabelRule rule) => HashCode.Combine(rule.Action, rule.TargetLabel, rule.Replacement);
    }

    /// <returns>Null if relabelling drops the sample.</returns>
    /// <exception cref="ScrapeException">The sample fails the scrape.</exception>
    public Labels? LabelsOf(in ExpositionReader reader)
    {
        reader.ReadLabels(_read);
        var labels = LabelsOf(_read);
        return labels is null || reader.HasValidNames ? labels : throw new ScrapeException($"invalid metric name or label names: {labels}");
    }

    /// <inheritdoc cref="LabelsOf(in ExpositionReader)"/>
    public Labels? LabelsOf(List<Label> page)
    {
        _labels.Clear();
        foreach (var label in page)
        {
            if (_labels[label.Name].Length > 0)
                throw new ScrapeException($"label name {GoText.Quote(label.Name)} is not unique: invalid sample");
            _labels.Set(label.Name, label.Value);
        }
        if (Config.HonorLabels)
        {
            // An empty label on the page says that the series has no such label.
            foreach (ref readonly var label in target.Pairs)
                if (!Contains(page, label.Name)) _labels.Set(label.Name, label.Value);
        }
        else AddTargetLabels();

        if (Config.MetricRelabelRules.Count > 0 && !Relabeller.Apply(_labels, Config.MetricRelabelRules)) return null;
        var labels = _labels.Build();
        if (labels.Count == 0) return null;
        Check(labels);
        return labels;
    }

    /// <summary>Labels of a series about the scrape itself.</summary>
    public Labels ReportLabels(string metric) => target.With(LabelNames.MetricName, metric);

    void AddTargetLabels()
    {
        _conflicts.Clear();
        foreach (ref readonly var label in target.Pairs)
        {
            string existing = _labels[label.Name];
            if (existing.Length > 0) _conflicts.Add(new Label(label.Name, existing));
            _labels.Set(label.Name, label.Value);
        }
        foreach (var conflict in _conflicts)
        {
            string name = ExportedPrefix + conflict.Name;
            while (_labels[name].Length > 0) name = ExportedPrefix + name;
            _labels.Set(name, conflict.Value);
        }
    }

    static bool Contains(List<Label> labels, string name)
    {
        foreach (var label in labels)
            if (label.Name == name) return true;
        return false;
    }

    void Check(Labels labels)
    {
        string metric = labels.MetricName;
        if (metric.Length == 0) throw new ScrapeException("missing metric name (__name__ label)");
        if (Config.MetricNameValidation == NameValidation.Legacy && !HasLegacyNames(labels))
            throw new ScrapeException($"invalid metric name or label names: {labels}");
        var limits = Config.Limits;
        if (limits.LabelsMax > 0 && labels.Count > limits.LabelsMax)
        {
            throw LimitExceeded(string.Create(CultureInfo.InvariantCulture,
                $"label_limit exceeded (metric: {Cut(metric)}, number of labels: {labels.Count}, limit: {limits.LabelsMax})"));
        }
        if (limits.LabelNameLengthMax == 0 && limits.LabelValueLengthMax == 0) return;
        foreach (ref readonly var label in labels.Pairs)
        {
            int nameLength = Encoding.UTF8.GetByteCount(label.Name);
            if (limits.LabelNameLengthMax > 0 && nameLength > limits.LabelNameLengthMax)
            {
                throw LimitExceeded(string.Create(CultureInfo.InvariantCulture, $"label_name_length_limit exceeded (metric: {Cut(metric)}, "
                    + $"label name: {Cut(label.Name)}, length: {nameLength}, limit: {limits.LabelNameLengthMax})"));
            }
            int valueLength = Encoding.UTF8.GetByteCount(label.Value);
            if (limits.LabelValueLengthMax > 0 && valueLength > limits.LabelValueLengthMax)
            {
                throw LimitExceeded(string.Create(CultureInfo.InvariantCulture,
                    $"label_value_length_limit exceeded (metric: {Cut(metric)}, "
                    + $"label name: {Cut(label.Name)}, value: {GoText.Quote(Cut(label.Value))}, length: {valueLength}, "
                    + $"limit: {limits.LabelValueLengthMax})"));
            }
        }
    }

    static ScrapeException LimitExceeded(string message) => new(message) { Cause = ScrapeFailure.LabelLimit };

    static bool HasLegacyNames(Labels labels)
    {
        foreach (ref readonly var label in labels.Pairs)
        {
            bool legacy = label.Name == LabelNames.MetricName ? Labels.IsLegacyMetricName(label.Value) : Labels.IsLegacyName(label.Name);
            if (!legacy) return false;
        }
        return true;
    }

    // %.50s
    static string Cut(string text) => text.Length <= 50 ? text : text[..50];
}
