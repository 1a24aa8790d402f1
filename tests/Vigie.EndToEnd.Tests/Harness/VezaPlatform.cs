namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>The three services of the sample platform on free ports, and the load that drives them.</summary>
sealed class VezaPlatform : IAsyncDisposable
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public ChildProcess Backend { get; private set; } = null!;
    public ChildProcess Chat { get; private set; } = null!;
    public ChildProcess Stream { get; private set; } = null!;
    public int BackendPort { get; private init; }
    public int ChatPort { get; private init; }
    public int StreamPort { get; private init; }

    public static Task<VezaPlatform> StartAsync() => StartAsync(Programs.FreePort(), Programs.FreePort(), Programs.FreePort());

    public static async Task<VezaPlatform> StartAsync(int backendPort, int chatPort, int streamPort)
    {
        var platform = new VezaPlatform { BackendPort = backendPort, ChatPort = chatPort, StreamPort = streamPort };
        platform.Backend = Service("Veza.BackendApi", backendPort);
        platform.Chat = Service("Veza.ChatServer", chatPort);
        platform.Stream = Service("Veza.StreamServer", streamPort);
        foreach (int port in new[] { backendPort, chatPort, streamPort })
        {
            await Wait.UntilAsync($"the service on port {port} lives", 60, async () =>
            {
                using var answer = await Http.GetAsync($"http://127.0.0.1:{port}/live");
                return answer.IsSuccessStatusCode;
            }, () => platform.Backend.Output + platform.Chat.Output + platform.Stream.Output);
        }
        return platform;
    }

    /// <summary>Starts veza-load with faults or other wishes.</summary>
    public ChildProcess Load(params string[] arguments) => ChildProcess.Start("dotnet",
    [
        Programs.Veza("Veza.Load"), .. arguments, "--backend", $"http://127.0.0.1:{BackendPort}",
        "--chat", $"http://127.0.0.1:{ChatPort}", "--stream", $"http://127.0.0.1:{StreamPort}",
    ]);

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        await Chat.DisposeAsync();
        await Stream.DisposeAsync();
    }

    static ChildProcess Service(string name, int port) => ChildProcess.Start("dotnet", [Programs.Veza(name), "--urls", $"http://127.0.0.1:{port}"]);
}
