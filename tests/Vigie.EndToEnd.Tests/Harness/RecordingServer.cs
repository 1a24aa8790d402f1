using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>A real HTTP server that answers 200 "ok" to everything and keeps what it was sent: the far end of a receiver.</summary>
sealed class RecordingServer : IDisposable
{
    readonly HttpListener _listener = new();
    readonly ConcurrentQueue<(string Path, JsonNode Body)> _requests = new();

    public RecordingServer()
    {
        Port = Programs.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    public IEnumerable<JsonNode> To(string path) => _requests.Where(request => request.Path == path).Select(request => request.Body);

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                _requests.Enqueue((context.Request.Url!.AbsolutePath, JsonNode.Parse(await reader.ReadToEndAsync())!));
                context.Response.OutputStream.Write("ok"u8);
                context.Response.Close();
            }
            catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    public void Dispose() => _listener.Close();
}
