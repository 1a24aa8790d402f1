using System.Text;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>A scrape target that always answers the same page.</summary>
sealed class PageServer : IDisposable
{
    readonly LocalHttpServer _server;

    public PageServer(string page, string contentType = "text/plain; version=0.0.4")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(page);
        _server = new LocalHttpServer(context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.OutputStream.WriteAsync(bytes).AsTask();
        });
    }

    public int Port => _server.Port;

    public void Dispose() => _server.Dispose();
}
