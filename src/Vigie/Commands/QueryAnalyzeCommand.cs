using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Commands;

/// <summary>
/// `vigie query analyze`: how many buckets of histograms, classic and native, are in use over a time, printed as `promtool query analyze` does.
/// </summary>
static class QueryAnalyzeCommand
{
    const string Header = """
        Bucket stats for each histogram series over time
        ------------------------------------------------
        First the min, avg, and max number of populated buckets, followed by the total
        number of buckets (only if different from the max number of populated buckets
        which is typical for classic but not native histograms).

        """;

    const string Footer = """

        Aggregated bucket stats
        -----------------------
        Each line shows min/avg/max over the series above.
        """;

    public static Command Create(Option<string?> httpConfig)
    {
        var server = new Option<string>("--server") { Description = "Prometheus server to query.", Required = true };
        var type = new Option<string>("--type") { Description = "Type of metric: histogram.", Required = true };
        var duration = new Option<string>("--duration") { Description = "Time frame to analyze.", DefaultValueFactory = static _ => "1h" };
        var time = new Option<string?>("--time") { Description = "Query time (RFC3339 or Unix timestamp), defaults to now." };
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times.", Required = true };
        var command = new Command("analyze", "Run queries against your Prometheus to analyze the usage pattern of certain metrics.")
        {
            server, type, duration, time, match,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                if (parsed.GetValue(type) is not "histogram")
                    throw new FormatException($"analyze type is {parsed.GetValue(type)}, must be 'histogram'");
                if (!GoDuration.TryParseMs(parsed.GetValue(duration)!, out long durationMs) || durationMs <= 0)
                    throw new FormatException($"cannot parse {GoText.Quote(parsed.GetValue(duration)!)} to a valid duration above zero");
                long at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                if (parsed.GetValue(time) is { } text && !TimeParameter.TryParse(text, out at))
                    throw new FormatException($"error parsing time '{text}': cannot parse {GoText.Quote(text)} to a valid timestamp");
                using var http = ServerClient.Create(parsed.GetValue(httpConfig), TimeSpan.FromMinutes(3));
                var api = new PrometheusApi(http, parsed.GetValue(server)!);
                await RunAsync(api, parsed.GetValue(match)!, durationMs, at, Console.Out, cancellation);
                return 0;
            }
            catch (Exception problem) when (problem is PrometheusApiException or FormatException or IOException)
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
        });
        return command;
    }

    static async Task RunAsync(PrometheusApi api, string[] selectors, long durationMs, long atMs, TextWriter output, CancellationToken cancellation)
    {
        output.WriteLine(Header);
        BucketUseSummary native = new(), classic = new();
        foreach (string selector in selectors)
        {
            string query = $"{selector}[{GoDuration.FormatGo(TimeSpan.FromMilliseconds(durationMs))}]";
            string time = (atMs / 1000m).ToString(CultureInfo.InvariantCulture);
            using var answer = await api.AskAsync("query", [("query", query), ("time", time)], [], cancellation);
            var data = answer.RootElement.GetProperty("data");
            if (data.GetProperty("resultType").GetString() != "matrix") throw new FormatException("query of buckets resulted in non-Matrix");
            // The buckets of a classic histogram by its name and other labels, in the order of the answer.
            var buckets = new OrderedDictionary<string, List<JsonElement>>();
            foreach (var series in data.GetProperty("result").EnumerateArray())
            {
                if (!HasFloats(series))
                {
                    if (BucketUse.OfNative(series) is not { } use) continue;
                    output.WriteLine($"- {QueryPrinter.Metric(series)} (native): {use}");
                    native.Add(use);
                }
                else if (QueryPrinter.LabelsOf(series.GetProperty("metric")) is var labels && labels.Has(LabelNames.Bucket)
                    && labels.MetricName.EndsWith("_bucket", StringComparison.Ordinal))
                {
                    string histogram = labels.MetricName + labels.WithoutMetricName().Without(LabelNames.Bucket);
                    if (!buckets.TryGetValue(histogram, out var list)) buckets.Add(histogram, list = []);
                    list.Add(series);
                }
            }
            foreach (var (histogram, list) in buckets)
            {
                if (BucketUse.OfClassic(list) is not { } use) continue;
                output.WriteLine($"- {histogram} (classic): {use}");
                classic.Add(use);
            }
        }
        output.WriteLine(Footer);
        if (native.Count > 0) output.WriteLine($"\nNative {native}");
        if (classic.Count > 0) output.WriteLine($"\nClassic {classic}");
    }

    /// <summary>Series with samples of both kinds count as classic, as upstream.</summary>
    static bool HasFloats(JsonElement series) => series.TryGetProperty("values", out var values) && values.GetArrayLength() > 0;
}
