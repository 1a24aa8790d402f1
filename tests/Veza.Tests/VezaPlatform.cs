using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Veza.Tests;

/// <summary>The three services and veza-load as processes on free ports.</summary>
public sealed class VezaPlatform : IAsyncLifetime
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly Dictionary<string, (Process Process, Uri Address)> _services = [];
    readonly HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        var ports = FreePorts(3);
        Start("chat", "Veza.ChatServer", ports[1]);
        Start("stream", "Veza.StreamServer", ports[2]);
        Start("backend", "Veza.BackendApi", ports[0], $"--chat-url={_services["chat"].Address}", $"--stream-url={_services["stream"].Address}");
        foreach (var name in _services.Keys) await Until(async () => (await GetAsync(name, "/ready")).IsSuccessStatusCode, name + " is ready");
    }

    public async Task<HttpResponseMessage> GetAsync(string service, string path) =>
        await _client.GetAsync(new Uri(_services[service].Address, path));

    public async Task<string> PageAsync(string service) => await _client.GetStringAsync(new Uri(_services[service].Address, "/metrics"));

    public Process Service(string name) => _services[name].Process;

    /// <summary>Runs veza-load to its end; its exit code.</summary>
    public async Task<int> LoadAsync(params string[] args)
    {
        using var load = Run("veza-load", [.. args, .. _services.SelectMany(service => new[] { "--" + service.Key, service.Value.Address.ToString() })]);
        await load.WaitForExitAsync().WaitAsync(s_patience);
        return load.ExitCode;
    }

    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition()) return;
            }
            catch (HttpRequestException) when (start.Elapsed < s_patience)
            {
                // not up yet
            }
            if (start.Elapsed > s_patience) throw new TimeoutException($"waited {s_patience} until {what}");
            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var (process, _) in _services.Values)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    void Start(string name, string assembly, int port, params string[] args)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        _services[name] = (Run(assembly, ["--urls", address.ToString(), .. args]), address);
    }

    static Process Run(string assembly, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly + ".dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
