using System.Runtime.InteropServices;
using Veza.Load;

if (!LoadOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine($"veza-load: {problem}");
    Console.Error.WriteLine("Try veza-load --help.");
    return 2;
}
if (options.Help)
{
    Console.Write(LoadOptions.HelpText);
    return 0;
}

using var ended = options.For is { } time ? new CancellationTokenSource(time) : new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var services = new Services(options);

if (options.Stop is { } name) return await FaultControl.StopAsync(services.Named(name), ended.Token) ? 0 : 1;

var faults = FaultControl.HoldAsync(services, options, ended.Token);
if (options.Rate > 0) await Traffic.RunAsync(services, options, ended.Token);
return await faults ? 0 : 1;

void End(PosixSignalContext signal)
{
    signal.Cancel = true; // ends in order: faults are taken away first
    ended.Cancel();
}
