using System.CommandLine;
using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.Metrics.Interchange;
using Vigie.Server.Hosting;
using Vigie.Server.Http;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>`vigie tsdb create-blocks-from openmetrics|rules`: history for a store, with promtool's words.</summary>
static class TsdbCreateBlocksCommand
{
    public static Command Create() => new("create-blocks-from", "Import samples from input and produce blocks.") { OpenMetrics(), Rules() };

    static Command OpenMetrics()
    {
        var input = new Argument<string>("input file") { Description = "OpenMetrics file to read samples from; each needs a timestamp." };
        var path = TsdbStore.PathArgument();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Do not print created blocks." };
        var command = new Command("openmetrics", "Import samples from OpenMetrics input.") { input, path, quiet };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            string file = parsed.GetValue(input)!;
            if (!PhysicalFileSystem.Instance.FileExists(file)) throw new InvalidDataException($"found no file {file}");
            using var store = TsdbStore.Open(parsed.GetValue(path)!, mustExist: false, anyAge: true);
            var (stored, refused) = new OpenMetricsImport(store).Run(PhysicalFileSystem.Instance.ReadAll(file), cancellation);
            store.Flush(cancellation);
            if (refused > 0) Console.Error.WriteLine($"{refused} samples left out: the store has other values at their times");
            if (!parsed.GetValue(quiet)) TsdbListCommand.Print(store, human: false);
            return stored > 0 || refused == 0 ? 0 : 1;
        })));
        return command;
    }

    static Command Rules()
    {
        var files = new Argument<string[]>("rule-files") { Arity = ArgumentArity.OneOrMore, Description = "Files with recording rules; alerting rules are not evaluated." };
        var url = new Option<string>("--url")
        {
            Description = "The URL of the Prometheus API with the data that the rules are evaluated on.", DefaultValueFactory = static _ => "http://localhost:9090",
        };
        var start = new Option<string>("--start") { Description = "The time to start from (RFC3339 or Unix timestamp).", Required = true };
        var end = new Option<string?>("--end") { Description = "The time to end at (RFC3339 or Unix timestamp). Default: 3 hours ago." };
        var output = new Option<string>("--output-dir") { Description = "The store's folder.", DefaultValueFactory = static _ => ServeOptions.StoragePathDefault };
        var interval = new Option<string>("--eval-interval")
        {
            Description = "How often rules are evaluated if their group does not say.", DefaultValueFactory = static _ => "60s",
        };
        var httpConfig = ServerClient.FileOption();
        var command = new Command("rules", "Create blocks of data for new recording rules.") { files, url, start, end, output, interval, httpConfig };
        command.SetAction(async (parsed, cancellation) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            if (!TimeParameter.TryParse(parsed.GetValue(start)!, out long startMs)) return Wrong("--start", parsed.GetValue(start)!, "a time such as 2026-01-02T15:04:05Z");
            long endMs = now.AddHours(-3).ToUnixTimeMilliseconds();
            if (parsed.GetValue(end) is { } text && !TimeParameter.TryParse(text, out endMs)) return Wrong("--end", text, "a time such as 2026-01-02T15:04:05Z");
            if (!Model.GoDuration.TryParseMs(parsed.GetValue(interval)!, out long intervalMs) || intervalMs <= 0)
                return Wrong("--eval-interval", parsed.GetValue(interval)!, "a duration such as 60s");
            if (endMs <= startMs) return Wrong("--end", parsed.GetValue(end) ?? "3 hours ago", "a time after --start");
            var problems = new ConfigProblems();
            var rules = RuleFileLoader.LoadAll(parsed.GetValue(files)!, new DiskConfigFiles(), problems,
                Vigie.Rules.RuleFileCheck.For(PromQL.ParserOptions.AllExperimental));
            if (problems.HasErrors)
            {
                Console.Error.WriteLine(problems);
                return 1;
            }
            return await TsdbStore.RunAsync(async () =>
            {
                using var store = TsdbStore.Open(parsed.GetValue(output)!, mustExist: false, anyAge: true);
                using var http = ServerClient.Create(parsed.GetValue(httpConfig), TimeSpan.FromMinutes(3));
                var backfill = new RuleBackfill(http, parsed.GetValue(url)!, store);
                foreach (var group in rules.SelectMany(static file => file.Groups))
                    await backfill.RunAsync(group, startMs, endMs, intervalMs, cancellation);
                store.Flush(cancellation);
                Console.WriteLine($"created: {backfill.Samples} samples");
                return 0;
            });
        });
        return command;
    }

    static int Wrong(string flag, string found, string expected)
    {
        Console.Error.WriteLine($"vigie: {flag}: found \"{found}\", expected {expected}");
        return 1;
    }
}
