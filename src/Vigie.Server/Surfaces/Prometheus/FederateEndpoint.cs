using System.Text.RegularExpressions;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/federate: the newest sample of each matching series as a scrape page (docs/federation.md).</summary>
sealed partial class FederateEndpoint(PrometheusServices services)
{
    const string ContentType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

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
        var newest = Newest(sets, http.RequestAborted);
        http.Response.ContentType = ContentType;
        await http.Response.StartAsync(http.RequestAborted);
        var page = new ExpositionWriter(http.Response.BodyWriter, ExpositionFormat.Text);
        string family = "";
        foreach (var (labels, sample) in newest)
        {
            string name = labels.MetricName;
            if (name != family)
            {
                page.Family(Underscored(name), MetricKind.Unknown, "");
                family = name;
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
            page.Sample(Underscored(name), WithExternal(labels).Pairs, sample.Value, sample.TimestampMs);
        }
        page.End();
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    SortedDictionary<Labels, (double Value, long TimestampMs)> Newest(List<LabelMatcher[]> sets, CancellationToken cancellation)
    {
        long now = services.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var range = new TimeRange(now - services.Options.LookbackDeltaMs + 1, now);
        var newest = new SortedDictionary<Labels, (double, long)>();
        var columns = new SampleColumns();
        foreach (var matchers in sets)
        {
            using var found = services.Store.Select(matchers, range, default, cancellation);
            for (int i = 0; i < found.Count; i++)
            {
                columns.Clear();
                found.Read(i, columns);
                if (columns.Count == 0) continue;
                double value = columns.Values[^1];
                // Native histograms have no form in the text format.
                if (StaleMarker.IsStale(value) || (columns.HasHistograms && columns.Histograms[^1] is not null)) continue;
                newest[found.LabelsOf(i)] = (value, columns.Timestamps[^1]);
            }
        }
        return newest;
    }

    /// <summary>External labels where the series has none of that name; an empty instance keeps the scraping side from adding its own.</summary>
    Labels WithExternal(Labels labels)
    {
        var builder = new LabelsBuilder(labels);
        foreach (var (name, value) in services.Configuration.Prometheus.Global.ExternalLabels)
            if (!labels.Has(name)) builder.Set(name, value);
        return builder.Build();
    }

    static string Underscored(string name) => Labels.IsLegacyMetricName(name) ? name : NotLegacy().Replace(name, "_");

    [GeneratedRegex("[^a-zA-Z0-9_:]")]
    private static partial Regex NotLegacy();
}
