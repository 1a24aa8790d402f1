using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Metrics;
using Vigie.Server.Hosting;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>What the commands on stores share: where the store is, opening it, progress, and how failures are told.</summary>
static class TsdbStore
{
    public static Option<string> PathOption() => new("--storage.tsdb.path")
    {
        Description = "The store's folder.",
        DefaultValueFactory = static _ => ServeOptions.StoragePathDefault,
    };

    public static Argument<string> PathArgument() => new("db path")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The store's folder.",
        DefaultValueFactory = static _ => ServeOptions.StoragePathDefault,
    };

    public static Option<long> TimeOption(string name, string description, long fallback) =>
        new(name) { Description = description, DefaultValueFactory = _ => fallback };

    /// <param name="anyAge">Samples may be older than what the store has.</param>
    public static MetricStore Open(string path, bool mustExist = true, bool anyAge = false)
    {
        if (mustExist && !PhysicalFileSystem.Instance.DirectoryExists(path))
            throw new InvalidDataException($"found no folder {path}, expected a store");
        var options = new MetricStoreOptions { RunsInBackground = false, Retention = null, OutOfOrderWindow = anyAge ? TimeSpan.FromDays(365_000) : TimeSpan.Zero };
        return MetricStore.Open(PhysicalFileSystem.Instance, path, options, TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>Runs a command; 1 and a message if it fails.</summary>
    public static int Run(Func<int> work) => RunAsync(() => Task.FromResult(work())).GetAwaiter().GetResult();

    /// <inheritdoc cref="Run"/>
    public static async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("vigie: " + problem.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("vigie: interrupted; run the same command again to go on");
            return 130;
        }
    }

    /// <summary>A bar on a terminal; nothing elsewhere.</summary>
    public static void ShowProgress(string what, double share)
    {
        if (Console.IsErrorRedirected) return;
        const int width = 30;
        int done = (int)(share * width);
        Console.Error.Write($"\r[{new string('#', done)}{new string('.', width - done)}] {share,4:P0} {what,-40}{(share >= 1 ? "\n" : "")}");
    }
}
