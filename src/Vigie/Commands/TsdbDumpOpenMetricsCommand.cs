using System.CommandLine;
using System.Globalization;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Commands;

/// <summary>`vigie tsdb dump-openmetrics`: floats as OpenMetrics, in the form of `promtool tsdb dump-openmetrics`; native histograms have none in it.</summary>
static class TsdbDumpOpenMetricsCommand
{
    public static Command Create()
    {
        var path = TsdbStore.PathArgument();
        var from = TsdbStore.TimeOption("--min-time", "Minimum timestamp to dump, in milliseconds since the Unix epoch.", long.MinValue);
        var until = TsdbStore.TimeOption("--max-time", "Maximum timestamp to dump, in milliseconds since the Unix epoch.", long.MaxValue);
        var match = new Option<string[]>("--match") { Description = "Series selector. Can be specified multiple times." };
        var sandbox = new Option<string?>("--sandbox-dir-root") { Description = "Accepted for promtool's sake; no sandbox is needed." };
        var command = new Command("dump-openmetrics", "Dump samples from a store in OpenMetrics format; native histograms are left out.")
        {
            path, from, until, match, sandbox,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            if (TsdbDumpCommand.Selectors(parsed.GetValue(match)) is not { } selectors) return 1;
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            using var output = new StreamWriter(Console.OpenStandardOutput());
            var range = new TimeRange(parsed.GetValue(from), parsed.GetValue(until));
            long histograms = 0;
            TsdbDumpCommand.Visit(store, selectors, range, (labels, columns) => histograms += Write(output, labels, columns), cancellation);
            output.WriteLine("# EOF");
            if (histograms > 0) Console.Error.WriteLine($"{histograms} native histograms left out");
            return 0;
        })));
        return command;
    }

    /// <returns>Histograms left out.</returns>
    static long Write(TextWriter output, Labels labels, SampleColumns columns)
    {
        string series = labels.MetricName + labels.WithoutMetricName();
        long histograms = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns.HasHistograms && columns.Histograms[i] is not null)
            {
                histograms++;
                continue;
            }
            output.Write(series);
            output.Write(' ');
            output.Write(GoNumber.FormatGeneral(columns.Values[i]));
            output.Write(' ');
            output.WriteLine((columns.Timestamps[i] / 1000.0).ToString("F3", CultureInfo.InvariantCulture));
        }
        return histograms;
    }
}
