using System.CommandLine;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Commands;

/// <summary>`vigie tsdb dump`, in the form of `promtool tsdb dump`.</summary>
static class TsdbDumpCommand
{
    public static Command Create() => Create("dump", "Dump samples from a store.",
        static (output, visit) => visit((labels, columns) => Write(output, labels, columns)));

    /// <summary>A command that writes series in one form or another.</summary>
    /// <param name="dump">Writes to the output what its second argument hands over: each series with its samples.</param>
    internal static Command Create(string name, string description, Action<TextWriter, Action<Action<Labels, SampleColumns>>> dump)
    {
        var path = TsdbStore.PathArgument();
        var from = TsdbStore.TimeOption("--min-time", "Minimum timestamp to dump, in milliseconds since the Unix epoch.", long.MinValue);
        var until = TsdbStore.TimeOption("--max-time", "Maximum timestamp to dump, in milliseconds since the Unix epoch.", long.MaxValue);
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times." };
        var sandbox = new Option<string?>("--sandbox-dir-root") { Description = "Accepted for promtool's sake; no sandbox is needed." };
        var command = new Command(name, description) { path, from, until, match, sandbox };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            if (Selectors(parsed.GetValue(match)) is not { } selectors) return 1;
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            using var output = new StreamWriter(Console.OpenStandardOutput());
            var range = new TimeRange(parsed.GetValue(from), parsed.GetValue(until));
            dump(output, visit => Visit(store, selectors, range, visit, cancellation));
            return 0;
        })));
        return command;
    }

    /// <summary>All series if there are no selectors; null, and a message, if one is wrong.</summary>
    internal static List<LabelMatcher[]>? Selectors(string[]? texts)
    {
        try
        {
            var selectors = (texts ?? []).Select(static text => (LabelMatcher[])[.. PromQLParser.ParseSelector(text)]).ToList();
            if (selectors.Count == 0) selectors.Add([]);
            return selectors;
        }
        catch (PromQLParseException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return null;
        }
    }

    /// <summary>Hands over each series that a selector finds, once.</summary>
    static void Visit(
        ISampleSource store, List<LabelMatcher[]> selectors, TimeRange range, Action<Labels, SampleColumns> visit, CancellationToken cancellation)
    {
        var columns = new SampleColumns();
        var shown = new HashSet<Labels>();
        foreach (var matchers in selectors)
        {
            using var found = store.Select(matchers, range, default, cancellation);
            for (int i = 0; i < found.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!shown.Add(found.LabelsOf(i))) continue;
                columns.Clear();
                found.Read(i, columns);
                visit(found.LabelsOf(i), columns);
            }
        }
    }

    static void Write(TextWriter output, Labels labels, SampleColumns columns)
    {
        string series = labels.ToString();
        for (int i = 0; i < columns.Count; i++)
        {
            string value = columns.HasHistograms && columns.Histograms[i] is { } histogram ? histogram.ToString() : GoNumber.FormatGeneral(columns.Values[i]);
            output.Write(series);
            output.Write(' ');
            output.Write(value);
            output.Write(' ');
            output.WriteLine(columns.Timestamps[i]);
        }
    }
}
