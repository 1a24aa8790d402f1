namespace Vigie.Instrumentation;

/// <summary>The types of the text format that instruments map to.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
