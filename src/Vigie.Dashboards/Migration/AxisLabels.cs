namespace Vigie.Dashboards;

/// <summary>Hand-written dashboards say the unit in the axis label: <c>Response time (seconds)</c>.</summary>
static class AxisLabels
{
    static readonly (string Ending, string Unit)[] Units =
    [
        ("(seconds)", "s"), ("(s)", "s"), ("(milliseconds)", "ms"), ("(ms)", "ms"), ("(%)", "percent"), ("(percent)", "percent"),
        ("(bytes)", "bytes"), ("(b)", "bytes"), ("requests per second", "reqps"), ("(req/s)", "reqps"), ("errors per second", "suffix:/s"),
    ];

    /// <summary>Grafana's name of the unit that <paramref name="label"/> ends with, or null.</summary>
    public static string? UnitOf(string label)
    {
        foreach (var (ending, unit) in Units)
            if (label.TrimEnd().EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return unit;
        return null;
    }
}
