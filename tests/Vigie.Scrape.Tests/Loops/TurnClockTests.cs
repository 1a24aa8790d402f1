namespace Vigie.Scrape.Tests.Loops;

public sealed class TurnClockTests : IDisposable
{
    readonly TurnClock _clock = new(2);

    public void Dispose() => _clock.Dispose();

    static Task<T> Within<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task CreateTimer_FiresOnItsOwnThreadNotBeforeItIsDue()
    {
        var fired = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        long started = _clock.GetTimestamp();
        using var timer = _clock.CreateTimer(_ => fired.TrySetResult(Thread.CurrentThread.Name), null, TimeSpan.FromMilliseconds(20),
            Timeout.InfiniteTimeSpan);
        Assert.StartsWith("scrape turns", await Within(fired.Task), StringComparison.Ordinal);
        Assert.True(_clock.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task CreateTimer_Periodic_KeepsItsRhythm()
    {
        const int Turns = 20;
        var period = TimeSpan.FromMilliseconds(5);
        int fired = 0;
        var done = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        long started = _clock.GetTimestamp();
        using var timer = _clock.CreateTimer(_ =>
        {
            if (++fired == Turns) done.TrySetResult(_clock.GetElapsedTime(started));
        }, null, period, period);
        Assert.True(await Within(done.Task) >= Turns * period);
    }

    [Fact]
    public async Task CreateTimer_PeriodicOnesBetweenOthers_AreSpreadEvenlyOverTheThreads()
    {
        var threads = new System.Collections.Concurrent.ConcurrentDictionary<int, string?>();
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var timers = new List<ITimer>();
        for (int i = 0; i < 10; i++)
        {
            int number = i;
            timers.Add(_clock.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan));
            timers.Add(_clock.CreateTimer(_ =>
            {
                threads[number] = Thread.CurrentThread.Name;
                if (threads.Count == 10) done.TrySetResult(true);
            }, null, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)));
        }
        await Within(done.Task);
        foreach (var timer in timers) timer.Dispose();
        Assert.Equal([5, 5], threads.Values.GroupBy(name => name).Select(group => group.Count()));
    }

    [Fact]
    public async Task Change_ToSooner_FiresBeforeALaterOne()
    {
        using var single = new TurnClock(1);
        var order = new List<string>();
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var later = single.CreateTimer(_ => order.Add("later"), null, TimeSpan.FromMilliseconds(60), Timeout.InfiniteTimeSpan);
        using var changed = single.CreateTimer(_ => order.Add("changed"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using var disposed = single.CreateTimer(_ => order.Add("disposed"), null, TimeSpan.FromMilliseconds(61), Timeout.InfiniteTimeSpan);
        using var last = single.CreateTimer(_ => done.TrySetResult(true), null, TimeSpan.FromMilliseconds(80), Timeout.InfiniteTimeSpan);
        changed.Change(TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await Within(done.Task);
        Assert.Equal(["changed", "later"], order);
    }

    [Fact]
    public async Task PeriodicTimer_GoesOnWithinTheTimersThread()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2), _clock);
        async Task<string?> RunAsync()
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            return Thread.CurrentThread.Name;
        }
        Assert.StartsWith("scrape turns", await Within(RunAsync()), StringComparison.Ordinal);
    }
}
