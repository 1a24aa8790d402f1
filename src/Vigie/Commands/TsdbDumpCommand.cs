using System.CommandLine;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Commands;

/// <summary>`vigie tsdb dump`, in the form of `promtool tsdb dump`.</summary>
static class TsdbDumpCommand
{
    public static Command Create()
    {
        var path = TsdbStore.PathArgument();
        var from = TsdbStore.TimeOption("--min-time", "Minimum timestamp to dump, in milliseconds since the Unix epoch.", long.MinValue);
        var until = TsdbStore.TimeOption("--max-time", "Maximum timestamp to dump, in milliseconds since the Unix epoch.", long.MaxValue);
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times." };
        var sandbox = new Option<string?>("--sandbox-dir-root") { Description = "Accepted for promtool's sake; no sandbox is needed." };
        var command = new Command("dump", "Dump samples from a store.") { path, from, until, match, sandbox };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            var selectors = new List<LabelMatcher[]>();
            try
            {
                foreach (string selector in parsed.GetValue(match) ?? []) selectors.Add([.. PromQLParser.ParseSelector(selector)]);
            }
            catch (PromQLParseException problem)
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
            if (selectors.Count == 0) selectors.Add([]);
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            using var output = new StreamWriter(Console.OpenStandardOutput());
            var range = new TimeRange(parsed.GetValue(from), parsed.GetValue(until));
            var shown = new HashSet<Labels>();
            foreach (var matchers in selectors) Dump(store, matchers, range, shown, output, cancellation);
            return 0;
        })));
        return command;
    }

    static void Dump(
        ISampleSource store, LabelMatcher[] matchers, TimeRange range, HashSet<Labels> shown, TextWriter output, CancellationToken cancellation)
    {
        var columns = new SampleColumns();
        using var found = store.Select(matchers, range, default, cancellation);
        for (int i = 0; i < found.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!shown.Add(found.LabelsOf(i))) continue;
            string labels = found.LabelsOf(i).ToString();
            columns.Clear();
            found.Read(i, columns);
            for (int s = 0; s < columns.Count; s++)
            {
                string value = columns.HasHistograms && columns.Histograms[s] is { } histogram ? histogram.ToString()
                    : GoNumber.FormatGeneral(columns.Values[s]);
                output.Write(labels);
                output.Write(' ');
                output.Write(value);
                output.Write(' ');
                output.WriteLine(columns.Timestamps[s]);
            }
        }
    }
}
