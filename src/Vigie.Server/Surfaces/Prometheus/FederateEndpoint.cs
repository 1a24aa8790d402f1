using System.Globalization;
using System.Text.RegularExpressions;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// /federate: the newest sample of each matching series as a scrape page (docs/federation.md), as text or, with native histograms, as protobuf.
/// </summary>
sealed partial class FederateEndpoint(PrometheusServices services)
{
    const string TextType = "text/plain; version=0.0.4; charset=utf-8; escaping=";
    const string ProtobufType = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=";
    const string Underscores = "underscores", AllowUtf8 = "allow-utf-8";

    public void Map(IEndpointRouteBuilder routes) => routes.MapApi("/federate", Methods.Get, FederateAsync);

    async Task FederateAsync(HttpContext http)
    {
        var parameters = await RequestParameters.ReadAsync(http.Request, http.RequestAborted);
        List<LabelMatcher[]> sets;
        try
        {
            sets = Selectors.Parse(parameters.All("match[]"), null);
        }
        catch (ApiException problem)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status400BadRequest, problem.Message + "\n");
            return;
        }
        var (isProtobuf, escaping) = Negotiate(http.Request.Headers.Accept.ToString());
        var newest = Newest(sets, withHistograms: isProtobuf, http.RequestAborted);
        http.Response.ContentType = (isProtobuf ? ProtobufType : TextType) + escaping;
        await http.Response.StartAsync(http.RequestAborted);
        if (isProtobuf) await WriteProtobufAsync(http, newest, escaping);
        else await WriteTextAsync(http, newest, escaping);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    readonly record struct Sample(double Value, FloatHistogram? Histogram, long TimestampMs);

    /// <summary>Protobuf if the client likes it better than text; its names as they are only if it says that it takes such.</summary>
    internal static (bool IsProtobuf, string Escaping) Negotiate(string accept)
    {
        (double Weight, bool IsProtobuf, string Escaping) best = (-1, false, Underscores);
        foreach (string range in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = range.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            bool isProtobuf = parts[0] == "application/vnd.google.protobuf" && parts.Contains("encoding=delimited")
                && parts.Contains("proto=io.prometheus.client.MetricFamily");
            if (!isProtobuf && parts[0] is not ("text/plain" or "text/*" or "*/*")) continue;
            double weight = 1;
            string escaping = Underscores;
            foreach (string part in parts.AsSpan(1))
            {
                if (part.StartsWith("q=", StringComparison.Ordinal)
                    && !double.TryParse(part.AsSpan(2), NumberStyles.Float, CultureInfo.InvariantCulture, out weight)) weight = 0;
                if (part == "escaping=" + AllowUtf8) escaping = AllowUtf8;
            }
            if (weight > best.Weight) best = (weight, isProtobuf, escaping);
        }
        return (best.IsProtobuf, best.Escaping);
    }

    async Task WriteTextAsync(HttpContext http, SortedDictionary<Labels, Sample> newest, string escaping)
    {
        var page = new ExpositionWriter(http.Response.BodyWriter, ExpositionFormat.Text);
        string? family = null;
        foreach (var (labels, sample) in newest)
        {
            string name = NameOf(labels, escaping);
            if (name != family)
            {
                page.Family(name, MetricKind.Unknown, "");
                family = name;
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
            page.Sample(name, WithExternal(labels), sample.Value, sample.TimestampMs);
        }
        page.End();
    }

    async Task WriteProtobufAsync(HttpContext http, SortedDictionary<Labels, Sample> newest, string escaping)
    {
        var page = new ProtobufFamilyWriter();
        (string Name, bool IsHistogram, bool IsGauge)? family = null;
        foreach (var (labels, sample) in newest)
        {
            string name = NameOf(labels, escaping);
            var kind = (name, sample.Histogram is not null, sample.Histogram?.CounterResetHint == CounterResetHint.Gauge);
            if (family != kind)
            {
                if (family is not null) page.End(http.Response.BodyWriter);
                page.Begin(name, sample.Histogram);
                family = kind;
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
            if (sample.Histogram is { } histogram) page.Add(WithExternal(labels, withName: false), histogram, sample.TimestampMs);
            else page.Add(WithExternal(labels, withName: false), sample.Value, sample.TimestampMs);
        }
        if (family is not null) page.End(http.Response.BodyWriter);
    }

    SortedDictionary<Labels, Sample> Newest(List<LabelMatcher[]> sets, bool withHistograms, CancellationToken cancellation)
    {
        long now = services.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var range = new TimeRange(now - services.Options.LookbackDeltaMs + 1, now);
        var newest = new SortedDictionary<Labels, Sample>();
        var columns = new SampleColumns();
        foreach (var matchers in sets)
        {
            using var found = services.Store.Select(matchers, range, default, cancellation);
            for (int i = 0; i < found.Count; i++)
            {
                columns.Clear();
                found.Read(i, columns);
                if (columns.Count == 0) continue;
                var histogram = columns.HasHistograms ? columns.Histograms[^1] : null;
                if (histogram is null ? StaleMarker.IsStale(columns.Values[^1]) : StaleMarker.IsStale(histogram.Sum)) continue;
                // Native histograms have no form in the text format, custom buckets none at all.
                if (histogram is not null && (!withHistograms || histogram.UsesCustomBuckets)) continue;
                newest[found.LabelsOf(i)] = new Sample(columns.Values[^1], histogram, columns.Timestamps[^1]);
            }
        }
        return newest;
    }

    /// <summary>
    /// The labels, then external labels that are not among them; an instance, though empty, is always there: it keeps the scraping side from
    /// adding its own.
    /// </summary>
    ReadOnlySpan<Label> WithExternal(Labels labels, bool withName = true)
    {
        var external = services.Configuration.Prometheus.Global.ExternalLabels;
        var all = new List<Label>(labels.Count + external.Count + 1);
        foreach (ref readonly var label in labels.Pairs)
            if (withName || label.Name != LabelNames.MetricName) all.Add(label);
        bool hasInstance = labels.Has(LabelNames.Instance) || external.Has(LabelNames.Instance);
        foreach (ref readonly var label in external.Pairs)
        {
            if (!hasInstance && Labels.CompareText(label.Name, LabelNames.Instance) > 0)
            {
                all.Add(new Label(LabelNames.Instance, ""));
                hasInstance = true;
            }
            if (!labels.Has(label.Name)) all.Add(label);
        }
        if (!hasInstance) all.Add(new Label(LabelNames.Instance, ""));
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all);
    }

    static string NameOf(Labels labels, string escaping) => escaping == AllowUtf8 || Labels.IsLegacyMetricName(labels.MetricName)
        ? labels.MetricName : NotLegacy().Replace(labels.MetricName, "_");

    [GeneratedRegex("[^a-zA-Z0-9_:]")]
    private static partial Regex NotLegacy();
}
