using System.CommandLine;
using System.Text.Json;
using Vigie.Metrics.Backup;
using Vigie.Storage;

namespace Vigie.Commands;

/// <summary>`vigie backup` and `vigie restore`: copies of a store's blocks, from a stopped store or a running server.</summary>
static class BackupCommand
{
    public static Command CreateBackup()
    {
        var path = new Argument<string>("DIR") { Description = "The store's folder." };
        var to = new Option<string>("--to") { Description = "Folder of the backup; one that is there is brought up to date.", Required = true };
        var url = new Option<string?>("--url") { Description = "Prometheus API of the running server that uses DIR (needs --web.enable-admin-api)." };
        var http = ServerClient.FileOption();
        var command = new Command("backup", "Copy a store's samples, consistently.") { path, to, url, http };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            string directory = parsed.GetValue(path)!;
            string name = parsed.GetValue(url) is { } server ? SnapshotOf(server, parsed.GetValue(http), cancellation) : SnapshotOfStopped(directory, cancellation);
            string snapshot = Path.Combine(directory, "snapshots", name);
            try
            {
                var result = new StoreBackup(PhysicalFileSystem.Instance, TsdbStore.ShowProgress).Copy(snapshot, parsed.GetValue(to)!, cancellation);
                Console.WriteLine($"backup: {result.Copied} files copied ({result.Bytes} bytes), {result.Present} were there already");
            }
            finally
            {
                PhysicalFileSystem.Instance.DeleteDirectory(snapshot);
            }
            return TsdbVerifyCommand.Verify(parsed.GetValue(to)!, cancellation);
        })));
        return command;
    }

    public static Command CreateRestore()
    {
        var backup = new Argument<string>("BACKUP") { Description = "Folder of the backup." };
        var path = new Argument<string>("DIR") { Description = "Folder for the store; must be empty or not there." };
        var command = new Command("restore", "Make a store of a backup.") { backup, path };
        command.SetAction((parsed, cancellation) => Task.FromResult(TsdbStore.Run(() =>
        {
            var result = new StoreBackup(PhysicalFileSystem.Instance, TsdbStore.ShowProgress)
                .Restore(parsed.GetValue(backup)!, parsed.GetValue(path)!, cancellation);
            Console.WriteLine($"restored: {result.Copied} files ({result.Bytes} bytes)");
            return TsdbVerifyCommand.Verify(parsed.GetValue(path)!, cancellation);
        })));
        return command;
    }

    static string SnapshotOfStopped(string directory, CancellationToken cancellation)
    {
        using var store = TsdbStore.Open(directory);
        return store.Snapshot(skipHead: false, cancellation);
    }

    static string SnapshotOf(string server, string? httpConfigFile, CancellationToken cancellation)
    {
        using var http = ServerClient.Create(httpConfigFile, TimeSpan.FromMinutes(10));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.TrimEnd('/') + "/api/v1/admin/tsdb/snapshot");
            using var answer = http.SendAsync(request, cancellation).GetAwaiter().GetResult();
            ServerClient.ThrowIfNotLetIn(answer);
            using var document = JsonDocument.Parse(answer.Content.ReadAsStream(cancellation));
            var root = document.RootElement;
            if (root.TryGetProperty("data", out var data) && data.GetProperty("name").GetString() is { } name) return Path.GetFileName(name);
            throw new IOException($"{server} refused a snapshot: {(root.TryGetProperty("error", out var error) ? error.GetString() : answer.StatusCode)}");
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or UriFormatException)
        {
            throw new IOException($"{server} made no snapshot: {problem.Message}", problem);
        }
    }
}
