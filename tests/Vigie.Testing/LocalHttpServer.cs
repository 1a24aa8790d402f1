using System.Net;
using System.Net.Sockets;

namespace Vigie.Testing;

/// <summary>An HTTP server on a free port of the loopback interface; every request goes to one handler. Dispose it to stop.</summary>
public sealed class LocalHttpServer : IDisposable
{
    readonly HttpListener _listener;
    readonly Func<HttpListenerContext, Task> _handler;

    public LocalHttpServer(Func<HttpListenerContext, Task> handler)
    {
        _handler = handler;
        for (int attempt = 0; ; attempt++)
        {
            Port = FreePort();
            _listener = new HttpListener();
            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else took the port between the two steps.
            }
        }
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>host:port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = HandleAsync(context);
        }
    }

    async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            await _handler(context);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client went away.
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
