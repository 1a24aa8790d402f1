using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vigie.Instrumentation;

/// <summary>The two lines an application needs.</summary>
public static class VigieApplication
{
    const string RuntimeMeterName = "Vigie.Runtime";

    /// <summary>Registers metrics and health checks. <see cref="UseVigie"/> then serves them.</summary>
    public static IHostApplicationBuilder AddVigie(this IHostApplicationBuilder builder, Action<VigieOptions>? configure = null)
    {
        var options = new VigieOptions();
        configure?.Invoke(options);
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(CreateExporter);
        builder.Services.AddSingleton<HttpServerMetrics>();
        builder.Services.AddSingleton(services =>
            new ReadinessChecks(options.Health, services, services.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary>
    /// Serves the metrics page, <c>/live</c> and <c>/ready</c>, and measures all requests that pass. Call it first, so that what other
    /// middleware answers is measured too.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="AddVigie"/> was not called.</exception>
    public static IApplicationBuilder UseVigie(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        if (services.GetService<VigieOptions>() is not { } options)
            throw new InvalidOperationException("UseVigie needs AddVigie: call builder.AddVigie() before builder.Build()");
        // The exporter comes first: instruments created before it are found, measurements made before it are not.
        services.GetRequiredService<MetricsExporter>();
        var clock = services.GetRequiredService<TimeProvider>();
        var meter = services.GetRequiredService<IMeterFactory>().Create(RuntimeMeterName);
        ProcessInstruments.Create(meter, clock);
        RuntimeInstruments.Create(meter);
        if (options.GoRuntimeNames) GoRuntimeInstruments.Create(meter, clock);
        return app.UseMiddleware<VigiePages>().UseMiddleware<HttpMetricsMiddleware>();
    }

    /// <summary>
    /// An exporter of this application's meters: those of its meter factory, and those made without one. Meters of another host in
    /// the same process are not its business.
    /// </summary>
    static MetricsExporter CreateExporter(IServiceProvider services)
    {
        var options = services.GetRequiredService<VigieOptions>().Metrics;
        var factory = services.GetRequiredService<IMeterFactory>();
        var include = options.IncludeMeter;
        options.IncludeMeter = meter => (meter.Scope is null || ReferenceEquals(meter.Scope, factory)) && include(meter);
        return new MetricsExporter(options, services.GetService<ILogger<MetricsExporter>>());
    }
}
