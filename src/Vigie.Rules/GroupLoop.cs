namespace Vigie.Rules;

/// <summary>Evaluates one group at its times until it is stopped. All waiting is on the clock of the environment.</summary>
sealed class GroupLoop : IAsyncDisposable
{
    readonly EvaluatedGroup _group;
    readonly RuleEnvironment _environment;
    readonly CancellationTokenSource _stop = new();
    readonly Task _running;

    GroupLoop(EvaluatedGroup group, RuleEnvironment environment)
    {
        _group = group;
        _environment = environment;
        // The first time is chosen now, before the caller lets the clock go on.
        long intervalMs = (long)group.Interval.TotalMilliseconds;
        long firstMs = EvaluationSchedule.NextAfter(NowMs, intervalMs, group.File, group.Name);
        _running = RunAsync(firstMs, intervalMs);
    }

    public static GroupLoop Start(EvaluatedGroup group, RuleEnvironment environment) => new(group, environment);

    public EvaluatedGroup Group => _group;

    long NowMs => _environment.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    async Task RunAsync(long timeMs, long intervalMs)
    {
        int evaluations = 0;
        try
        {
            while (true)
            {
                await LongDelay.WaitUntilAsync(DateTimeOffset.FromUnixTimeMilliseconds(timeMs), _environment.Clock, _stop.Token);
                await EvaluateAsync(timeMs);
                // State is restored after the second evaluation: at the first one targets may not all have been scraped yet.
                if (++evaluations == 2) _group.Restore(NowMs, _stop.Token);
                long missed = EvaluationSchedule.MissedAt(timeMs, NowMs, intervalMs);
                if (missed > 0)
                {
                    _environment.Metrics.Missed(_group.Key, missed);
                    RulesLog.EvaluationsMissed(_environment.Logger, _group.Key, missed);
                }
                timeMs += (missed + 1) * intervalMs;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    async Task EvaluateAsync(long timeMs)
    {
        try
        {
            await _group.EvaluateAsync(timeMs, _stop.Token);
        }
        catch (Exception problem) when (problem is not (OutOfMemoryException or OperationCanceledException))
        {
            RulesLog.LoopFailed(_environment.Logger, _group.Key, problem);
        }
    }

    /// <summary>Stops after the rule that is being evaluated.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
