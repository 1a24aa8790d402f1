using System.Globalization;

namespace Vigie.Instrumentation;

/// <summary>Runs the readiness checks.</summary>
sealed class ReadinessChecks
{
    readonly SortedDictionary<string, RunningCheck> _checks = new(StringComparer.Ordinal);

    public ReadinessChecks(HealthOptions options, IServiceProvider services, TimeProvider clock)
    {
        foreach (var (name, check) in options.Checks) Add(name, check);
        if (options.HeapBytesMax is { } heapBytesMax) Add("memory", (_, _) => CheckHeap(heapBytesMax));
        if (options.ThreadsMax is { } threadsMax)
        {
            var process = new ProcessStatus(clock);
            Add("threads", (_, _) => CheckThreads(process, threadsMax));
        }

        void Add(string name, ReadinessCheck check) => _checks.TryAdd(name, new RunningCheck(check, services, options.Timeout, clock));
    }

    /// <summary>Runs all checks at once. The error is null for a check that is ready.</summary>
    public async Task<IReadOnlyList<(string Name, string? Error)>> RunAsync(CancellationToken cancellationToken)
    {
        var running = _checks.Select(check => (check.Key, Error: check.Value.RunAsync(cancellationToken))).ToList();
        var results = new List<(string, string?)>(running.Count);
        foreach (var (name, error) in running) results.Add((name, await error));
        return results;
    }

    static Task CheckHeap(long bytesMax)
    {
        var bytes = GC.GetTotalMemory(forceFullCollection: false);
        if (bytes > bytesMax)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"high memory usage: {bytes >> 20} MB"));
        return Task.CompletedTask;
    }

    static Task CheckThreads(ProcessStatus process, int threadsMax)
    {
        var threads = process.Threads;
        if (threads > threadsMax)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"high number of threads: {threads}"));
        return Task.CompletedTask;
    }

    /// <summary>One check. A run that ignores its cancellation is waited for by later probes instead of being started again.</summary>
    sealed class RunningCheck(ReadinessCheck check, IServiceProvider services, TimeSpan timeout, TimeProvider clock)
    {
        readonly Lock _lock = new();
        Task? _run; // guarded by _lock

        public async Task<string?> RunAsync(CancellationToken cancellationToken)
        {
            try
            {
                await Run().WaitAsync(timeout, clock, cancellationToken);
                return null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                return $"timed out after {GoDurationText.Of(timeout)}";
            }
            catch (Exception e)
            {
                return e.Message;
            }
        }

        Task Run()
        {
            lock (_lock)
            {
                if (_run is not { IsCompleted: false }) _run = Task.Run(RunOnceAsync);
                return _run;
            }
        }

        async Task RunOnceAsync()
        {
            using var timedOut = new CancellationTokenSource(timeout, clock);
            await check(services, timedOut.Token);
        }
    }
}
