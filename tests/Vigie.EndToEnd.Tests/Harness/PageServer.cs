using System.Net;
using System.Text;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>A scrape target that always answers the same page.</summary>
sealed class PageServer : IDisposable
{
    readonly HttpListener _listener = new();

    public PageServer(string page)
    {
        Port = Programs.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync(Encoding.UTF8.GetBytes(page));
    }

    public int Port { get; }

    async Task ServeAsync(byte[] page)
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "text/plain; version=0.0.4";
                context.Response.OutputStream.Write(page);
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
