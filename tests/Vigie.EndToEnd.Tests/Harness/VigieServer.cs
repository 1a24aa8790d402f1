using System.Text.Json.Nodes;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>The real `vigie serve` on free ports and a data folder of its own.</summary>
sealed class VigieServer : IAsyncDisposable
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    readonly string[] _arguments;
    bool _isProtected;

    VigieServer(ChildProcess process, string[] arguments, VigiePorts ports, string dataFolder)
    {
        Process = process;
        _arguments = arguments;
        Ports = ports;
        DataFolder = dataFolder;
    }

    public ChildProcess Process { get; private set; }
    public VigiePorts Ports { get; }
    public string DataFolder { get; }
    public string Prometheus => $"http://127.0.0.1:{Ports.Prometheus}";
    public string Alertmanager => $"http://127.0.0.1:{Ports.Alertmanager}";
    public string Web => $"http://127.0.0.1:{Ports.Web}";
    public string Otlp => $"http://127.0.0.1:{Ports.Otlp}";
    public string Node => $"http://127.0.0.1:{Ports.Node}";

    /// <summary>Starts and waits until it is ready.</summary>
    /// <param name="isProtected">The Prometheus surface answers only who is known, or only over TLS.</param>
    public static async Task<VigieServer> StartAsync(
        IEnumerable<string> arguments, VigiePorts? ports = null, string? folder = null, bool withNohup = false, bool isProtected = false)
    {
        ports ??= VigiePorts.Free();
        string data = Directory.CreateTempSubdirectory("vigie-e2e-").FullName;
        string[] all = ["serve", .. arguments, "--storage.tsdb.path=" + data, .. ports.Flags];
        var server = new VigieServer(Programs.StartVigie(all, folder, withNohup), all, ports, data) { _isProtected = isProtected };
        try
        {
            await server.WaitUntilReadyAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;
    }

    /// <summary>Starts the same command again on the same data, after the process has ended.</summary>
    public async Task RestartAsync()
    {
        await SpawnAsync();
        await WaitUntilReadyAsync();
    }

    /// <summary>Like <see cref="RestartAsync"/>, but does not wait until it is ready.</summary>
    public async Task SpawnAsync()
    {
        await Process.DisposeAsync();
        Process = Programs.StartVigie(_arguments);
    }

    public Task WaitUntilReadyAsync(int seconds = 60) => Wait.UntilAsync("vigie is ready", seconds, async () =>
    {
        if (Process.HasExited) throw new InvalidOperationException($"vigie ended with {Process.ExitCode}:\n{Process.Output}");
        using var answer = await Http.GetAsync((_isProtected ? Alertmanager : Prometheus) + "/-/ready");
        return answer.IsSuccessStatusCode;
    }, () => Process.Output);

    public async Task<JsonNode> GetAsync(string url) => JsonNode.Parse(await Http.GetStringAsync(url))!;

    /// <summary>The result of an instant query as label text → value text.</summary>
    public async Task<Dictionary<string, string>> QueryAsync(string query, double? atSeconds = null)
    {
        string time = atSeconds is { } at ? "&time=" + at.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        var answer = await GetAsync($"{Prometheus}/api/v1/query?query={Uri.EscapeDataString(query)}{time}");
        return answer["data"]!["result"]!.AsArray().ToDictionary(
            series => string.Join(",", series!["metric"]!.AsObject().Select(label => $"{label.Key}={label.Value}")),
            series => series!["value"]![1]!.GetValue<string>());
    }

    /// <summary>States of the alerts with a name, as /api/v1/alerts shows them.</summary>
    public async Task<string[]> AlertStatesAsync(string name)
    {
        var answer = await GetAsync(Prometheus + "/api/v1/alerts");
        return [.. answer["data"]!["alerts"]!.AsArray()
            .Where(alert => alert!["labels"]!["alertname"]!.GetValue<string>() == name).Select(alert => alert!["state"]!.GetValue<string>())];
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        try
        {
            Directory.Delete(DataFolder, recursive: true);
        }
        catch (IOException)
        {
            // A file of the ended process can linger for a moment; the folder is in the system's temporary folder.
        }
    }
}

/// <summary>One port per surface.</summary>
sealed record VigiePorts(int Prometheus, int Alertmanager, int Web, int Node, int Otlp)
{
    public static VigiePorts Free() => new(Programs.FreePort(), Programs.FreePort(), Programs.FreePort(), Programs.FreePort(), Programs.FreePort());

    /// <summary>The ports the users' scripts name.</summary>
    public static VigiePorts Customary { get; } = new(9090, 9093, 3000, 9100, 4318);

    public string[] Flags =>
    [
        $"--web.listen-address=127.0.0.1:{Prometheus}",
        $"--alertmanager.web.listen-address=127.0.0.1:{Alertmanager}",
        $"--ui.web.listen-address=127.0.0.1:{Web}",
        $"--node.web.listen-address=127.0.0.1:{Node}",
        $"--otlp.http.listen-address=127.0.0.1:{Otlp}",
    ];
}
