using System.Text;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>From discovered labels to targets: defaults, relabelling, checks (Prometheus 3, scrape.PopulateLabels).</summary>
static class TargetBuilder
{
    const string Address = "__address__", Scheme = "__scheme__", MetricsPath = "__metrics_path__", ParameterPrefix = "__param_";
    const string Interval = "__scrape_interval__", Timeout = "__scrape_timeout__", MetaPrefix = "__meta_";

    /// <summary>Labels before relabelling: those of the target, of its group, then the job's defaults.</summary>
    public static Labels Discovered(ScrapeConfig config, string address, Labels group)
    {
        var labels = new LabelsBuilder(group).Set(Address, address);
        SetDefault(labels, LabelNames.Job, config.JobName);
        SetDefault(labels, Interval, GoDuration.Format(config.ScrapeInterval));
        SetDefault(labels, Timeout, GoDuration.Format(config.ScrapeTimeout));
        SetDefault(labels, MetricsPath, config.MetricsPath);
        SetDefault(labels, Scheme, config.Scheme);
        foreach (var (name, values) in config.Params)
            if (values.Count > 0) SetDefault(labels, ParameterPrefix + name, values[0]);
        return labels.Build();
    }

    /// <returns>Null if relabelling drops the target, or with <paramref name="problem"/> if it cannot be scraped.</returns>
    public static TargetDefinition? Build(ScrapeConfig config, Labels discovered, out string? problem)
    {
        problem = null;
        var labels = new LabelsBuilder(discovered);
        if (!Relabeller.Apply(labels, config.RelabelRules)) return null;

        string address = labels[Address];
        if (address.Length == 0) problem = "no address";
        else if (address.Contains('/', StringComparison.Ordinal)) problem = $"{GoText.Quote(address)} is not a valid hostname";
        if (problem is not null) return null;
        if (ReadDuration(labels[Interval], "interval", out problem) is not { } interval) return null;
        if (ReadDuration(labels[Timeout], "timeout", out problem) is not { } timeout) return null;
        if (timeout > interval)
        {
            problem = "scrape timeout cannot be greater than scrape interval "
                + $"({GoText.Quote(labels[Timeout])} > {GoText.Quote(labels[Interval])})";
            return null;
        }
        if (labels[LabelNames.Instance].Length == 0) labels.Set(LabelNames.Instance, address);

        string url = UrlOf(config, labels, address);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            problem = $"{GoText.Quote(url)} is not a valid URL, expected http://host:port/path or https://host:port/path";
            return null;
        }
        foreach (var label in labels.Pairs.ToArray())
            if (label.Name.StartsWith("__", StringComparison.Ordinal)) labels.Remove(label.Name);
        return new TargetDefinition(labels.Build(), uri, url, interval, timeout) { DiscoveredLabels = discovered };
    }

    static void SetDefault(LabelsBuilder labels, string name, string value)
    {
        if (labels[name].Length == 0) labels.Set(name, value);
    }

    static TimeSpan? ReadDuration(string text, string what, out string? problem)
    {
        if (!GoDuration.TryParseMs(text, out long ms, out problem))
        {
            problem = $"error parsing scrape {what}: {problem}";
            return null;
        }
        problem = ms == 0 ? $"scrape {what} cannot be 0" : null;
        return ms == 0 ? null : TimeSpan.FromMilliseconds(ms);
    }

    static string UrlOf(ScrapeConfig config, LabelsBuilder labels, string address)
    {
        var parameters = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in config.Params) parameters[name] = values;
        foreach (var label in labels.Pairs)
        {
            if (!label.Name.StartsWith(ParameterPrefix, StringComparison.Ordinal)) continue;
            string name = label.Name[ParameterPrefix.Length..];
            parameters[name] = parameters.TryGetValue(name, out var values) && values.Count > 0 ? [label.Value, .. values.Skip(1)]
                : [label.Value];
        }
        var url = new StringBuilder(labels[Scheme]).Append("://").Append(address);
        string path = labels[MetricsPath];
        if (path.Length > 0 && path[0] != '/') url.Append('/');
        Escape(url, path, "/$&+,:;=@!'()*~");
        char separator = '?';
        foreach (var (name, values) in parameters)
        {
            foreach (string value in values)
            {
                url.Append(separator);
                Escape(url, name, "~", blankAsPlus: true);
                Escape(url.Append('='), value, "~", blankAsPlus: true);
                separator = '&';
            }
        }
        return url.ToString();
    }

    // Go's url.URL escapes less than .NET's Uri would; targets see the URL, so it is written out here.
    static void Escape(StringBuilder output, string text, string unescaped, bool blankAsPlus = false)
    {
        foreach (byte c in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_' or (byte)'.'
                || unescaped.Contains((char)c, StringComparison.Ordinal))
                output.Append((char)c);
            else if (c == ' ' && blankAsPlus) output.Append('+');
            else output.Append('%').Append(Convert.ToHexString([c]));
        }
    }
}
