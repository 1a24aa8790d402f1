using System.CommandLine;
using Vigie.Metrics.Backup;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>`vigie tsdb verify`: every checksum. Exits with 0 if all fit, 1 if not.</summary>
static class TsdbVerifyCommand
{
    public static Command Create()
    {
        var path = TsdbStore.PathArgument();
        var command = new Command("verify", "Check every checksum of a store's blocks, log and manifest; nothing is changed.") { path };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() => Verify(parsed.GetValue(path)!, cancellation))));
        return command;
    }

    public static int Verify(string path, CancellationToken cancellation)
    {
        if (!PhysicalFileSystem.Instance.DirectoryExists(path)) throw new InvalidDataException($"found no folder {path}, expected a store");
        var result = StoreVerification.Run(PhysicalFileSystem.Instance, path, TsdbStore.ShowProgress, cancellation);
        foreach (string problem in result.Problems) Console.WriteLine("FAILED: " + problem);
        Console.WriteLine($"checked: {result.Blocks} blocks with {result.Samples} samples, {result.LogSegments} log segments; "
            + $"{result.Problems.Count} problems");
        return result.Problems.Count == 0 ? 0 : 1;
    }
}
