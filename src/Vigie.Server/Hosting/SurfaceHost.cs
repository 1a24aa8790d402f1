using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Vigie.Configuration;
using Vigie.Server.Access;
using Vigie.Server.Http;

namespace Vigie.Server.Hosting;

/// <summary>
/// One web server for all surfaces: each has its own listeners, and a request goes to the pipeline of the surface whose listener it came by.
/// </summary>
sealed class SurfaceHost : IAsyncDisposable
{
    readonly WebApplication _application;

    SurfaceHost(WebApplication application) => _application = application;

    /// <param name="listeners">Surfaces that are switched on, with their addresses.</param>
    /// <param name="gates">One per surface.</param>
    /// <param name="guards">Surfaces that are not open to all.</param>
    /// <param name="readTimeout">See <see cref="ConnectionLimits.Apply"/>.</param>
    /// <param name="configure">Builds the pipeline of one surface.</param>
    /// <exception cref="SurfaceException">An address is taken or cannot be used; the message names the flag.</exception>
    public static async Task<SurfaceHost> StartAsync(
        IReadOnlyList<(Surface Surface, ListenAddress Address)> listeners, ConnectionGates gates, WebGuards guards, TimeSpan readTimeout,
        Action<Surface, IApplicationBuilder> configure, ILoggerFactory loggers, CancellationToken cancellation)
    {
        // No defaults: an appsettings.json in the working folder has no say here, and the folder is not watched for one. (The data folder is
        // often in there: every write to the log would be an event.)
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        builder.Services.AddResponseCompression(ZstdResponses.Configure);
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new ConnectionGates.Transport(
            endpoint => gates[SurfaceOf(endpoint, listeners)], services.GetRequiredService<IOptions<SocketTransportOptions>>(), loggers));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ConnectionLimits.Apply(kestrel.Limits, readTimeout);
            foreach (var (surface, address) in listeners) Listen(kestrel, surface, address, guards[surface], ConnectionLimits.HandshakeTimeout(readTimeout));
        });
        var application = builder.Build();
        foreach (var surface in listeners.Select(listener => listener.Surface).Distinct())
            application.MapWhen(http => http.Features.Get<SurfaceFeature>()?.Surface == surface, branch =>
            {
                if (guards[surface] is { } guard) branch.Use(next => http => guard.RunAsync(http, next));
                configure(surface, branch);
            });
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception problem) when (problem is IOException or SocketException or UnauthorizedAccessException)
        {
            await application.DisposeAsync();
            throw new SurfaceException(Explain(problem, listeners), problem);
        }
        return new SurfaceHost(application);
    }

    public Task StopAsync(CancellationToken cancellation) => _application.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    static void Listen(KestrelServerOptions kestrel, Surface surface, ListenAddress address, WebGuard? guard, TimeSpan handshakeTimeout)
    {
        void Configure(ListenOptions listener)
        {
            listener.Protocols = guard is { HasHttp2: true } ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            listener.Use(next => async connection =>
            {
                connection.Features.Set(new SurfaceFeature(surface));
                try
                {
                    await next(connection);
                }
                finally
                {
                    connection.Features.GetRequiredFeature<ConnectionGate>().Leave();
                }
            });
            if (guard is not { HasTls: true }) return;
            listener.UsePlainHttpAnswer(handshakeTimeout);
            listener.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(guard.TlsOptions()),
                HandshakeTimeout = handshakeTimeout,
            });
        }
        if (address.IsAny) kestrel.ListenAnyIP(address.Port, Configure);
        else kestrel.Listen(address.Address, address.Port, Configure);
    }

    /// <summary>The surface that listens on an endpoint, which is one of <paramref name="listeners"/>.</summary>
    static Surface SurfaceOf(EndPoint endpoint, IReadOnlyList<(Surface Surface, ListenAddress Address)> listeners)
    {
        var bound = (IPEndPoint)endpoint;
        foreach (var (surface, address) in listeners)
            if (address.Port == bound.Port && address.Address.Equals(bound.Address)) return surface;
        // Without IPv6, "any" is bound as IPv4.
        return listeners.First(listener => listener.Address.Port == bound.Port && listener.Address.IsAny).Surface;
    }

    static string Explain(Exception problem, IReadOnlyList<(Surface Surface, ListenAddress Address)> listeners)
    {
        foreach (var (surface, address) in listeners)
        {
            if (!problem.Message.Contains($":{address.Port}:", StringComparison.Ordinal)) continue;
            var (_, name, flag, _, _) = Surfaces.Of(surface);
            string reason = problem.InnerException is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? "the address is already in use" : problem.Message;
            return $"{flag}={address}: {reason}; stop the other program, choose another address with {flag}, "
                + $"or switch this surface off with {flag}={ListenConfigOff} (vigie.yml: listen.{name})";
        }
        return $"cannot listen: {problem.Message}";
    }

    const string ListenConfigOff = Vigie.Configuration.Vigie.ListenConfig.Off;

    sealed record SurfaceFeature(Surface Surface);
}

/// <summary>A surface cannot listen where it was told to.</summary>
sealed class SurfaceException(string message, Exception inner) : Exception(message, inner);
