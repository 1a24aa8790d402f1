using System.Diagnostics;

namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>Waiting for something real to happen: polls, and says what it last saw when it gives up.</summary>
static class Wait
{
    public static Task UntilAsync(string what, int seconds, Func<Task<bool>> condition, Func<string>? lastSeen = null) =>
        ForAsync(what, seconds, async () => await condition() ? "yes" : null, lastSeen);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> ForAsync<T>(string what, int seconds, Func<Task<T?>> probe, Func<string>? lastSeen = null) where T : class
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            try
            {
                if (await probe() is { } value) return value;
                last = null;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
            {
                last = problem;
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"{what}: not within {seconds} s. {last?.Message}\n{lastSeen?.Invoke()}");
    }
}
