using System.CommandLine;
using System.Globalization;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>`vigie tsdb dump-openmetrics`: floats as OpenMetrics, in the form of `promtool tsdb dump-openmetrics`; native histograms have none in it.</summary>
static class TsdbDumpOpenMetricsCommand
{
    public static Command Create() =>
        TsdbDumpCommand.Create("dump-openmetrics", "Dump samples from a store in OpenMetrics format; native histograms are left out.", static (output, visit) =>
        {
            long histograms = 0;
            visit((labels, columns) => histograms += Write(output, labels, columns));
            output.WriteLine("# EOF");
            if (histograms > 0) Console.Error.WriteLine($"{histograms} native histograms left out");
        });

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
