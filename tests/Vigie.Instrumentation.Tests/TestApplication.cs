using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Vigie.Instrumentation.Tests;

/// <summary>A real application on a free port, with a client.</summary>
sealed class TestApplication : IAsyncDisposable
{
    readonly WebApplication _app;

    TestApplication(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public Uri WebSocketUri(string path) => new UriBuilder(Client.BaseAddress!) { Scheme = "ws", Path = path }.Uri;

    public static async Task<TestApplication> StartAsync(Action<VigieOptions>? configure = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddVigie(configure);
        var app = builder.Build();
        app.UseVigie();
        map?.Invoke(app);
        await app.StartAsync();
        return new TestApplication(app);
    }

    public Task<string> PageAsync() => Client.GetStringAsync("/metrics");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
