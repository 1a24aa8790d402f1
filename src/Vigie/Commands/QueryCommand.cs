using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Vigie.Model;
using Vigie.Server.Http;

namespace Vigie.Commands;

/// <summary>`vigie query instant|range|series|labels SERVER …`, `vigie query analyze`: asks any Prometheus API and prints as promtool does.</summary>
static class QueryCommand
{
    static readonly Argument<string> Server = new("SERVER") { Description = "Prometheus server to query, for example http://localhost:9090." };
    static readonly Option<string> Format = new("--format", "-o")
    {
        Description = "Output format of the query: promql or json.", DefaultValueFactory = static _ => "promql", Recursive = true,
    };

    static readonly Option<string?> HttpConfig = ServerClient.FileOption();

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("promql", "json");
        return new("query", "Run query against a Prometheus server.") { Format, HttpConfig, Instant(), Range(), Series(), LabelValues(), QueryAnalyzeCommand.Create(HttpConfig) };
    }

    static Command Instant()
    {
        var expression = new Argument<string>("EXPR") { Description = "PromQL query expression." };
        var time = new Option<string?>("--time") { Description = "Query evaluation time (RFC3339 or Unix timestamp)." };
        var command = new Command("instant", "Run instant query.") { Server, expression, time };
        command.SetAction((parsed, cancellation) =>
        {
            if (!TryTime(parsed, time, Now(), out long at)) return Task.FromResult(1);
            return RunAsync(parsed, "query", [("query", parsed.GetValue(expression)!), ("time", Seconds(at))], [], cancellation);
        });
        return command;
    }

    static Command Range()
    {
        var expression = new Argument<string>("EXPR") { Description = "PromQL query expression." };
        var header = new Option<string[]>("--header") { Description = "Extra header to send to the server, KEY=VALUE. Can be specified multiple times." };
        var start = new Option<string?>("--start") { Description = "Query range start time (RFC3339 or Unix timestamp). Default: 5 minutes before the end." };
        var end = new Option<string?>("--end") { Description = "Query range end time (RFC3339 or Unix timestamp). Default: now." };
        var step = new Option<string?>("--step") { Description = "Query step size (duration). Default: 1/250 of the range, at least a second." };
        var command = new Command("range", "Run range query.") { Server, expression, header, start, end, step };
        command.SetAction((parsed, cancellation) =>
        {
            if (!TryTime(parsed, end, Now(), out long endMs) || !TryTime(parsed, start, endMs - 300_000, out long startMs)) return Task.FromResult(1);
            if (startMs >= endMs) return Wrong("start time is not before end time");
            long stepMs = Math.Max((endMs - startMs) / 250_000, 1) * 1000;
            if (parsed.GetValue(step) is { } text && (!GoDuration.TryParseMs(text, out stepMs) || stepMs <= 0))
                return Wrong($"cannot parse {GoText.Quote(text)} to a valid duration above zero");
            return RunAsync(parsed, "query_range", [("query", parsed.GetValue(expression)!), ("start", Seconds(startMs)), ("end", Seconds(endMs)), ("step", Seconds(stepMs))],
                parsed.GetValue(header) ?? [], cancellation);
        });
        return command;
    }

    static Command Series()
    {
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times.", Required = true };
        var (start, end) = Bounds();
        var command = new Command("series", "Run series query.") { Server, match, start, end };
        command.SetAction((parsed, cancellation) => BetweenAsync(parsed, "series", match, start, end, cancellation));
        return command;
    }

    static Command LabelValues()
    {
        var name = new Argument<string>("NAME") { Description = "Label name to provide label values for." };
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times." };
        var (start, end) = Bounds();
        var command = new Command("labels", "Run labels query.") { Server, name, match, start, end };
        command.SetAction((parsed, cancellation) =>
            BetweenAsync(parsed, $"label/{Uri.EscapeDataString(parsed.GetValue(name)!)}/values", match, start, end, cancellation));
        return command;
    }

    static (Option<string?> Start, Option<string?> End) Bounds() => (
        new("--start") { Description = "Start time (RFC3339 or Unix timestamp)." },
        new("--end") { Description = "End time (RFC3339 or Unix timestamp)." });

    static Task<int> BetweenAsync(ParseResult parsed, string path, Option<string[]> match, Option<string?> start, Option<string?> end, CancellationToken cancellation)
    {
        var parameters = (parsed.GetValue(match) ?? []).Select(static text => ("match[]", text)).ToList();
        foreach (var (name, bound) in new[] { ("start", start), ("end", end) })
        {
            if (parsed.GetValue(bound) is null) continue;
            if (!TryTime(parsed, bound, 0, out long at)) return Task.FromResult(1);
            parameters.Add((name, Seconds(at)));
        }
        return RunAsync(parsed, path, parameters, [], cancellation);
    }

    static async Task<int> RunAsync(
        ParseResult parsed, string path, IEnumerable<(string Name, string Value)> parameters, string[] headers, CancellationToken cancellation)
    {
        try
        {
            using var http = ServerClient.Create(parsed.GetValue(HttpConfig), TimeSpan.FromMinutes(3));
            using var answer = await new PrometheusApi(http, parsed.GetValue(Server)!).AskAsync(path, parameters, headers, cancellation);
            foreach (string remark in Remarks(answer.RootElement)) Console.Error.WriteLine(remark);
            var data = answer.RootElement.GetProperty("data");
            if (parsed.GetValue(Format) == "json") QueryPrinter.WriteJson(data, Console.Out);
            else QueryPrinter.WriteText(data, Console.Out);
            return 0;
        }
        catch (IOException problem)
        {
            return await Wrong($"error: {problem.Message}");
        }
        catch (Exception problem) when (problem is PrometheusApiException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return await Wrong($"query error: {problem.Message}");
        }
    }

    static IEnumerable<string> Remarks(JsonElement root)
    {
        foreach (string kind in new[] { "warnings", "infos" })
            if (root.TryGetProperty(kind, out var texts))
                foreach (var text in texts.EnumerateArray()) yield return text.GetString()!;
    }

    static bool TryTime(ParseResult parsed, Option<string?> option, long otherwise, out long timestampMs)
    {
        timestampMs = otherwise;
        if (parsed.GetValue(option) is not { } text || TimeParameter.TryParse(text, out timestampMs)) return true;
        Console.Error.WriteLine($"error parsing {option.Name[2..]} time: cannot parse {GoText.Quote(text)} to a valid timestamp");
        return false;
    }

    static Task<int> Wrong(string message)
    {
        Console.Error.WriteLine(message);
        return Task.FromResult(1);
    }

    static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    static string Seconds(long ms) => (ms / 1000m).ToString(CultureInfo.InvariantCulture);
}
