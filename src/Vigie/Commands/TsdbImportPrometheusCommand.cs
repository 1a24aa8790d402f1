using System.CommandLine;
using Vigie.Metrics.Interchange;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>`vigie tsdb import-prometheus DIR`: a Prometheus' data directory moves in.</summary>
static class TsdbImportPrometheusCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Data directory of a Prometheus that is not running." };
        var path = TsdbStore.PathOption();
        var command = new Command("import-prometheus", "Take over the blocks and the log of a Prometheus; can be repeated after an interruption.")
        {
            directory, path,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            string target = parsed.GetValue(path)!;
            using var store = TsdbStore.Open(target, mustExist: false);
            var import = new PrometheusImport(PhysicalFileSystem.Instance, store, target, TsdbStore.ShowProgress);
            var result = import.Run(parsed.GetValue(directory)!, cancellation);
            Console.WriteLine($"imported: {result.Samples} samples of {result.Series} series in {result.Blocks} blocks");
            if (result.BlocksBefore > 0) Console.WriteLine($"imported before: {result.BlocksBefore} blocks");
            foreach (string line in result.Skipped) Console.WriteLine("left out: " + line);
            return 0;
        })));
        return command;
    }
}
