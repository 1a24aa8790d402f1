using System.Diagnostics.Metrics;

namespace Veza.Shared;

/// <summary>
/// One fact under several metric names: dashboards and alerts for this platform were written at different times and call the same
/// thing <c>active_users</c>, <c>active_users_total</c> or <c>veza_active_users</c>.
/// </summary>
public static class MeterNames
{
    public static void Gauge(this Meter meter, string help, Func<double> value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) meter.CreateObservableGauge(name, value, null, help);
    }

    public static void Gauge(this Meter meter, string help, Func<IEnumerable<Measurement<double>>> values, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) meter.CreateObservableGauge(name, values, null, help);
    }

    public static void Counter(this Meter meter, string help, Func<double> value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) meter.CreateObservableCounter(name, value, null, help);
    }

    public static void Counter(this Meter meter, string help, Func<IEnumerable<Measurement<double>>> values, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) meter.CreateObservableCounter(name, values, null, help);
    }

    public static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
