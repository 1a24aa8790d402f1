namespace Vigie.Instrumentation;

/// <summary>The types of the text format that instruments map to.</summary>
enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
