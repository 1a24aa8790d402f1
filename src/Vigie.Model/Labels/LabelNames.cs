namespace Vigie.Model;

/// <summary>Label names with a meaning of their own in Prometheus.</summary>
public static class LabelNames
{
    /// <summary>Holds the metric name.</summary>
    public const string MetricName = "__name__";
    public const string AlertName = "alertname";
    public const string AlertState = "alertstate";
    public const string Bucket = "le";
    public const string Quantile = "quantile";
    public const string Job = "job";
    public const string Instance = "instance";
}
