namespace Vigie.Protocols.RemoteWrite;

/// <summary>Metric types by their number in remote write, the same in both versions.</summary>
static class MetricTypes
{
    static readonly string[] s_names = ["unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    public static string NameOf(ulong number) => number < (ulong)s_names.Length ? s_names[number] : s_names[0];

    public static ulong NumberOf(string name)
    {
        int number = Array.IndexOf(s_names, name);
        return number < 0 ? 0 : (ulong)number;
    }
}
