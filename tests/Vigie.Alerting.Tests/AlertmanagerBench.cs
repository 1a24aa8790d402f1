using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Alerting.Tests;

/// <summary>An Alertmanager on a manual clock and a disk in memory, with an HTTP side that records what is sent.</summary>
sealed class AlertmanagerBench : IDisposable
{
    public AlertmanagerBench(AlertmanagerConfig config, MemoryConfigFiles? files = null)
    {
        Files = files ?? new MemoryConfigFiles();
        Service = Open(config);
    }

    public ManualTimeProvider Clock { get; } = new();
    public CrashableFileSystem Disk { get; private set; } = new(1);
    public RecordingHandler Http { get; } = new();
    public ListLogger Log { get; } = new();
    public MemoryConfigFiles Files { get; }
    public AlertmanagerService Service { get; private set; }

    public void Fire(params (string Name, string Value)[] labels) =>
        Service.Receive(new ReceivedAlert(Labels.Of(labels), Labels.Of(("summary", "it burns")), Clock.GetUtcNow(), Clock.GetUtcNow() + TimeSpan.FromHours(24), "http://p/"));

    public void Resolve(params (string Name, string Value)[] labels) =>
        Service.Receive(new ReceivedAlert(Labels.Of(labels), Labels.Of(("summary", "it burns")), Clock.GetUtcNow(), Clock.GetUtcNow(), "http://p/"));

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Kills the process, without a farewell, and starts it again on what the disk has.</summary>
    public void KillAndRestart(AlertmanagerConfig config)
    {
        Disk = Disk.AfterKill();
        Service = Open(config);
    }

    /// <summary>A receiver "r" with these integrations behind a route with short times.</summary>
    public static AlertmanagerConfig Config(params IntegrationConfig[] integrations) => new()
    {
        Route = new RouteConfig
        {
            Receiver = "r",
            GroupBy = ["alertname"],
            GroupWait = TimeSpan.FromSeconds(10),
            GroupInterval = TimeSpan.FromMinutes(1),
            RepeatInterval = TimeSpan.FromHours(1),
        },
        Receivers = [new ReceiverConfig { Name = "r", Integrations = integrations }],
    };

    public static AlertmanagerConfig WebhookConfig() => Config(new WebhookConfig { Url = new Secret("http://hook.test/path-secret"), SendResolved = true });

    public void Dispose() => Service.Dispose();

    AlertmanagerService Open(AlertmanagerConfig config) => AlertmanagerService.Open(
        new AlertmanagerOptions { Directory = "state", ExternalUrl = "http://am.test", HttpHandlers = _ => Http, Random = static () => 0.5 }, config, Files, Disk, Clock, Log);
}

/// <summary>Answers every request at once and remembers it.</summary>
sealed class RecordingHandler : HttpMessageHandler
{
    public List<(string Url, string Body)> Requests { get; } = [];

    /// <summary>The answer to the next requests, by their number from 0.</summary>
    public Func<int, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("ok") };

    public JsonNode Body(int index) => JsonNode.Parse(Requests[index].Body)!;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        request.Content!.CopyTo(body, null, cancellationToken);
        Requests.Add((request.RequestUri!.ToString(), Encoding.UTF8.GetString(body.ToArray())));
        return Task.FromResult(Answer(Requests.Count - 1));
    }
}

/// <summary>Files that configuration names, in memory.</summary>
sealed class MemoryConfigFiles : IConfigFiles
{
    readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public MemoryConfigFiles With(string path, string text)
    {
        _texts[path] = text;
        return this;
    }

    public string? ReadText(string path) => _texts.GetValueOrDefault(path);
    public byte[]? ReadBytes(string path) => ReadText(path) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    public IReadOnlyList<string> List(string folder) =>
        [.. _texts.Keys.Where(path => Path.GetDirectoryName(path) == folder.TrimEnd('/')).Select(static path => Path.GetFileName(path))];
}

/// <summary>Keeps log lines.</summary>
sealed class ListLogger : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines) Lines.Add($"{logLevel}: {formatter(state, exception)} {exception?.Message}");
    }
}
