using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>
/// Reads the configuration again and hands it to every part, in a fixed order, or refuses it as a whole and keeps the old one.
/// One reload at a time.
/// </summary>
sealed class ConfigurationReloader(
    Func<RunningConfiguration> read, IReadOnlyList<(string Part, Func<RunningConfiguration, CancellationToken, Task> ApplyAsync)> parts, TimeProvider clock, ILogger logger)
{
    readonly SemaphoreSlim _one = new(1);

    public RunningConfiguration Current { get; private set; } = null!;
    public bool LastSucceeded { get; private set; }

    /// <summary>When the configuration in use was taken; null before the first.</summary>
    public DateTimeOffset? LastSuccess { get; private set; }

    /// <summary>Takes the configuration read at start.</summary>
    public async Task StartAsync(RunningConfiguration configuration, CancellationToken cancellation)
    {
        Current = configuration;
        foreach (var (_, applyAsync) in parts) await applyAsync(configuration, cancellation);
        LastSucceeded = true;
        LastSuccess = clock.GetUtcNow();
    }

    /// <exception cref="ConfigException">The new configuration has errors; the old one stays in use.</exception>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var started = clock.GetTimestamp();
            RunningConfiguration configuration;
            try
            {
                configuration = read();
            }
            catch (ConfigException problem)
            {
                LastSucceeded = false;
                HostingLog.ReloadRefused(logger, problem.Message);
                throw;
            }
            await HandOverAsync(configuration, cancellation);
            Current = configuration;
            LastSucceeded = true;
            LastSuccess = clock.GetUtcNow();
            HostingLog.Reloaded(logger, clock.GetElapsedTime(started).TotalMilliseconds);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task HandOverAsync(RunningConfiguration configuration, CancellationToken cancellation)
    {
        foreach (var (part, applyAsync) in parts)
        {
            try
            {
                await applyAsync(configuration, cancellation);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                LastSucceeded = false;
                HostingLog.ReloadFailed(logger, problem, part);
                throw;
            }
        }
    }
}
