using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Console;
using Vigie.Configuration;
using Vigie.PromQL;
using Vigie.Server.Surfaces.Prometheus;

namespace Vigie.Server.Hosting;

/// <summary>`vigie serve` from start to stop.</summary>
public static partial class ServeHost
{
    /// <summary>Longest an orderly stop may take.</summary>
    static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(10);

    const int SignalHangup = 1, DefaultHandler = 0;

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignalHandler(int signal, nint handler);

    /// <returns>The exit code: 0 after an orderly stop, 1 if the server could not start.</returns>
    public static async Task<int> RunAsync(ServeOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        long started = clock.GetTimestamp();
        using var loggers = CreateLoggers(options, clock);
        var logger = loggers.CreateLogger("Vigie.Server");
        using var quitting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Quit);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Quit);
        try
        {
            var files = new DiskConfigFiles();
            var configuration = RunningConfiguration.Load(options, ParserOptionsOf(options), files);
            HostingLog.Starting(logger, ServerVersion.Vigie, configuration.Layout.PrometheusFile, VigieServer.StoragePath(options, configuration));
            await using var server = await VigieServer.StartAsync(options, configuration, files, clock, loggers, quitting.Cancel, quitting.Token);
            // Started by nohup the signal is ignored, and .NET would leave it so; here it means to reload, as it does for Prometheus.
            if (!OperatingSystem.IsWindows()) SetSignalHandler(SignalHangup, DefaultHandler);
            using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                _ = server.ReloadQuietlyAsync();
            });
            HostingLog.Ready(logger, clock.GetElapsedTime(started).TotalMilliseconds);
            await WaitAsync(quitting.Token);
            using var stopTime = new CancellationTokenSource(StopTimeMax, clock);
            await server.StopAsync(stopTime.Token);
            HostingLog.Stopped(logger);
            return 0;
        }
        catch (ConfigException problem)
        {
            Console.Error.WriteLine($"vigie: the configuration cannot be used:\n{problem.Message}");
        }
        catch (Exception problem) when (problem is SurfaceException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"vigie: {problem.Message}");
        }
        catch (OperationCanceledException) when (quitting.IsCancellationRequested)
        {
            return 0;
        }
        return 1;

        void Quit(PosixSignalContext signal)
        {
            signal.Cancel = true;
            quitting.Cancel();
        }
    }

    internal static ParserOptions ParserOptionsOf(ServeOptions options) => new()
    {
        ExperimentalFunctions = options.Features.Contains("promql-experimental-functions"),
        DurationExpressions = options.Features.Contains("promql-duration-expr"),
        ExtendedRangeSelectors = options.Features.Contains("promql-extended-range-selectors"),
        FillModifiers = options.Features.Contains("promql-binop-fill-modifiers"),
    };

    static async Task WaitAsync(CancellationToken quitting)
    {
        var ended = new TaskCompletionSource();
        await using var registration = quitting.Register(ended.SetResult);
        await ended.Task;
    }

    static ILoggerFactory CreateLoggers(ServeOptions options, TimeProvider clock) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(options.LogLevel);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning);
        logging.Services.AddSingleton<ConsoleFormatter>(new LogfmtFormatter(clock));
        logging.AddConsole(console =>
        {
            console.FormatterName = options.LogAsJson ? ConsoleFormatterNames.Json : LogfmtFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        if (options.LogAsJson) logging.AddJsonConsole(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
    });
}
