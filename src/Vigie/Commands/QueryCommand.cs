using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>`vigie query instant|range|series|labels SERVER …`: asks any Prometheus API and prints as promtool does.</summary>
static class QueryCommand
{
    static readonly Argument<string> Server = new("SERVER") { Description = "Prometheus server to query, for example http://localhost:9090." };

    public static Command Create() => new("query", "Run query against a Prometheus server.") { Instant(), Range(), Series(), LabelValues() };

    static Command Instant()
    {
        var expression = new Argument<string>("EXPR") { Description = "PromQL query expression." };
        var time = new Option<string?>("--time") { Description = "Query evaluation time (RFC3339 or Unix timestamp)." };
        var command = new Command("instant", "Run instant query.") { Server, expression, time };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, "query", [("query", parsed.GetValue(expression)), ("time", parsed.GetValue(time))], cancellation));
        return command;
    }

    static Command Range()
    {
        var expression = new Argument<string>("EXPR") { Description = "PromQL query expression." };
        var start = new Option<string?>("--start") { Description = "Query range start time (RFC3339 or Unix timestamp). Default: 5 minutes before the end." };
        var end = new Option<string?>("--end") { Description = "Query range end time (RFC3339 or Unix timestamp). Default: now." };
        var step = new Option<string?>("--step") { Description = "Query step size (duration). Default: 1/250 of the range." };
        var command = new Command("range", "Run range query.") { Server, expression, start, end, step };
        command.SetAction((parsed, cancellation) =>
        {
            double now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
            string endText = parsed.GetValue(end) ?? Number(now);
            string startText = parsed.GetValue(start) ?? Number((double.TryParse(endText, CultureInfo.InvariantCulture, out double seconds) ? seconds : now) - 300);
            string stepText = parsed.GetValue(step) ?? StepFor(startText, endText);
            return RunAsync(parsed, "query_range",
                [("query", parsed.GetValue(expression)), ("start", startText), ("end", endText), ("step", stepText)], cancellation);
        });
        return command;
    }

    static Command Series()
    {
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times.", Required = true };
        var start = new Option<string?>("--start") { Description = "Start time (RFC3339 or Unix timestamp)." };
        var end = new Option<string?>("--end") { Description = "End time (RFC3339 or Unix timestamp)." };
        var command = new Command("series", "Run series query.") { Server, match, start, end };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, "series",
            [.. (parsed.GetValue(match) ?? []).Select(text => ("match[]", (string?)text)), ("start", parsed.GetValue(start)), ("end", parsed.GetValue(end))], cancellation));
        return command;
    }

    static Command LabelValues()
    {
        var name = new Argument<string>("NAME") { Description = "Label name to provide label values for." };
        var command = new Command("labels", "Run labels query.") { Server, name };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, $"label/{Uri.EscapeDataString(parsed.GetValue(name)!)}/values", [], cancellation));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, string path, (string Name, string? Value)[] parameters, CancellationToken cancellation)
    {
        string query = string.Join('&', parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value!)}"));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(3) };
        try
        {
            using var answer = await http.GetAsync($"{parsed.GetValue(Server)!.TrimEnd('/')}/api/v1/{path}?{query}", cancellation);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            var root = document.RootElement;
            if (root.GetProperty("status").GetString() != "success")
            {
                Console.Error.WriteLine($"query error: {root.GetProperty("errorType").GetString()}: {root.GetProperty("error").GetString()}");
                return 1;
            }
            foreach (string remark in Remarks(root)) Console.Error.WriteLine(remark);
            Print(root.GetProperty("data"), Console.Out);
            return 0;
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or UriFormatException or InvalidOperationException)
        {
            Console.Error.WriteLine($"query error: {problem.Message}");
            return 1;
        }
    }

    static IEnumerable<string> Remarks(JsonElement root)
    {
        foreach (string kind in new[] { "warnings", "infos" })
            if (root.TryGetProperty(kind, out var texts))
                foreach (var text in texts.EnumerateArray()) yield return text.GetString()!;
    }

    static void Print(JsonElement data, TextWriter output)
    {
        if (data.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in data.EnumerateArray()) output.WriteLine(item.ValueKind == JsonValueKind.Object ? Metric(item) : item.GetString());
            return;
        }
        var result = data.GetProperty("result");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar":
                output.WriteLine($"scalar: {result[1].GetString()} @[{result[0].GetRawText()}]");
                break;
            case "string":
                output.WriteLine(result[1].GetString());
                break;
            case "vector":
                foreach (var series in result.EnumerateArray())
                {
                    bool isFloat = series.TryGetProperty("value", out var sample);
                    if (!isFloat) sample = series.GetProperty("histogram");
                    output.WriteLine($"{Metric(series.GetProperty("metric"))} => {(isFloat ? sample[1].GetString() : sample[1].GetRawText())} @[{sample[0].GetRawText()}]");
                }
                break;
            default:
                foreach (var series in result.EnumerateArray())
                {
                    output.WriteLine($"{Metric(series.GetProperty("metric"))} =>");
                    if (series.TryGetProperty("values", out var samples))
                        foreach (var sample in samples.EnumerateArray()) output.WriteLine($"{sample[1].GetString()} @[{sample[0].GetRawText()}]");
                    if (series.TryGetProperty("histograms", out var histograms))
                        foreach (var sample in histograms.EnumerateArray()) output.WriteLine($"{sample[1].GetRawText()} @[{sample[0].GetRawText()}]");
                }
                break;
        }
    }

    static string Metric(JsonElement metric)
    {
        var labels = Labels.From(metric.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
        return labels.MetricName + labels.WithoutMetricName();
    }

    static string StepFor(string start, string end) =>
        double.TryParse(start, CultureInfo.InvariantCulture, out double from) && double.TryParse(end, CultureInfo.InvariantCulture, out double to)
            ? Number(Math.Max(Math.Floor((to - from) / 250), 1)) : "15";

    static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
