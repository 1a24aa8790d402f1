using System.CommandLine;
using Vigie.Metrics.Interchange;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>`vigie tsdb export-prometheus DIR`: the store as a data directory of Prometheus.</summary>
static class TsdbExportPrometheusCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder for the blocks; a Prometheus can start on it." };
        var path = TsdbStore.PathOption();
        var from = TsdbStore.TimeOption("--min-time", "Minimum timestamp, Unix milliseconds.", long.MinValue);
        var until = TsdbStore.TimeOption("--max-time", "Maximum timestamp, Unix milliseconds.", long.MaxValue);
        var command = new Command("export-prometheus", "Write the store as blocks of Prometheus.") { directory, path, from, until };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            using var store = TsdbStore.Open(parsed.GetValue(path)!);
            var range = new TimeRange(Math.Max(store.OldestMs, parsed.GetValue(from)), Math.Min(store.NewestMs, parsed.GetValue(until)));
            var export = new PrometheusExport(PhysicalFileSystem.Instance, store, TsdbStore.ShowProgress);
            var result = range.StartMs > range.EndMs ? new PrometheusExportResult(0, 0, 0) : export.Run(parsed.GetValue(directory)!, range, cancellation);
            Console.WriteLine($"exported: {result.Samples} samples in {result.Blocks} blocks");
            return 0;
        })));
        return command;
    }
}
