using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vigie.Instrumentation;

namespace Veza.Shared;

/// <summary>What the three services have in common.</summary>
public static class VezaService
{
    static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A builder that listens on <c>--urls</c>, by default on <paramref name="defaultPort"/> of this machine, with database, cache, metrics
    /// and health checks.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args, string name, int defaultPort)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (builder.Configuration["urls"] is null or "") builder.WebHost.UseUrls($"http://localhost:{defaultPort}");
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddVigie(vigie =>
        {
            vigie.GoRuntimeNames = true;
            vigie.Health
                .AddCheck("database", (services, stopping) => services.GetRequiredService<Database>().PingAsync(stopping))
                .AddCheck("redis", (services, stopping) => services.GetRequiredService<Cache>().PingAsync(stopping));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdownTimeout);
        builder.Services.AddSingleton(new ServiceName(name));
        builder.Services.AddSingleton(Dependencies.None);
        builder.Services.AddSingleton<Database>();
        builder.Services.AddSingleton<Cache>();
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddSingleton<SystemMetrics>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<AlertConsole>();
        builder.Services.AddHostedService<ServiceHealth>();
        RateLimits.Add(builder.Services);
        return builder;
    }

    /// <summary>The pipeline, from outside in: fault control, web hook for alerts, metrics, call metrics, faults, rate limits.</summary>
    public static WebApplication BuildVeza(this WebApplicationBuilder builder)
    {
        var app = builder.Build();
        var faults = app.Services.GetRequiredService<Faults>();
        var metrics = app.Services.GetRequiredService<ApiMetrics>();
        app.Services.GetRequiredService<SystemMetrics>();
        app.Use(faults.ControlAsync);
        app.Use(app.Services.GetRequiredService<AlertConsole>().ReceiveAsync);
        app.UseVigie();
        app.UseWebSockets();
        app.Use(metrics.MeasureAsync);
        app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsJsonAsync(new { error = "internal error" })));
        app.Use(faults.InjectAsync);
        app.UseRateLimiter();
        return app;
    }
}
