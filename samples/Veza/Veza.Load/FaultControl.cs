using System.Globalization;

namespace Veza.Load;

/// <summary>Asks services for faults, and takes them away.</summary>
static class FaultControl
{
    static readonly TimeSpan s_renewEvery = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(5);
    const int LeaseSeconds = 15;

    /// <summary>
    /// Keeps the faults there until the end, then takes them away. False when no service took them. Without faults it waits when there
    /// is no traffic either.
    /// </summary>
    public static async Task<bool> HoldAsync(Services services, LoadOptions options, CancellationToken ended)
    {
        if (!options.HasFaults)
        {
            if (options.Rate > 0) return true;
            Console.Error.WriteLine("veza-load: nothing to do: --rate is 0 and there is no fault");
            return false;
        }
        using var client = new HttpClient { Timeout = s_callTimeout };
        var query = string.Create(CultureInfo.InvariantCulture,
            $"/fault?errors={options.Errors}&latency_ms={options.Latency.TotalMilliseconds}&lease_seconds={LeaseSeconds}");
        Console.WriteLine($"faults on {string.Join(", ", options.On)}: {options.Errors:P0} errors, latency {options.Latency.TotalSeconds:0.###} s");
        var taken = false;
        using var timer = new PeriodicTimer(s_renewEvery);
        do
        {
            var answers = await Task.WhenAll(options.On.Select(name => CallAsync(client, HttpMethod.Post, services.Named(name), query)));
            taken |= answers.Any(isTaken => isTaken);
        }
        while (await TickAsync(timer, ended));
        await Task.WhenAll(options.On.Select(name => CallAsync(client, HttpMethod.Delete, services.Named(name), "/fault")));
        Console.WriteLine(taken ? "faults taken away" : "no service could be asked for faults");
        return taken;
    }

    /// <summary>Asks a service to stop. False when it cannot be asked.</summary>
    public static async Task<bool> StopAsync(Uri service, CancellationToken ended)
    {
        using var client = new HttpClient { Timeout = s_callTimeout };
        ended.ThrowIfCancellationRequested();
        var isStopping = await CallAsync(client, HttpMethod.Post, service, "/fault/stop");
        Console.WriteLine(isStopping ? $"{service} is stopping" : $"{service} does not answer");
        return isStopping;
    }

    static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken ended)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    static async Task<bool> CallAsync(HttpClient client, HttpMethod method, Uri service, string path)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(service, path));
            using var response = await client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
