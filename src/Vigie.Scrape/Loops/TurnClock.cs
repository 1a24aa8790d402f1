using System.Diagnostics;

namespace Vigie.Scrape;

/// <summary>
/// The system's clock, with timers that fire on a few threads of its own: what follows a timer runs there at once, without a detour over
/// the thread pool, whose threads cost more to wake than a page costs to read. Callbacks must be short: whoever has much to do goes on
/// elsewhere. Safe for concurrent use; dispose it to end the threads.
/// </summary>
sealed class TurnClock : TimeProvider, IDisposable
{
    readonly Lane[] _lanes;
    uint _created;

    /// <param name="threads">Timers are spread evenly over them.</param>
    public TurnClock(int threads)
    {
        _lanes = new Lane[threads];
        for (int i = 0; i < threads; i++) _lanes[i] = new Lane($"scrape turns {i}");
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var lane = _lanes[Interlocked.Increment(ref _created) % (uint)_lanes.Length];
        bool isPeriodic = period > TimeSpan.Zero;
        if (isPeriodic)
        {
            // Those stay, and bring the work: each thread gets as many as the others.
            foreach (var other in _lanes)
                if (other.PeriodicTimers < lane.PeriodicTimers) lane = other;
        }
        var timer = new Turn(lane, callback, state, isPeriodic);
        lane.Expect(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
    }

    /// <summary>A thread and the timers it fires, by the time they are due.</summary>
    sealed class Lane : IDisposable
    {
        readonly object _lock = new();
        readonly PriorityQueue<(Turn Turn, long Version), long> _due = new();   // guarded by _lock, as is the next
        bool _disposed;
        int _periodicTimers;

        public int PeriodicTimers => Volatile.Read(ref _periodicTimers);

        public Lane(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

        public void Expect(Turn turn)
        {
            if (turn.IsPeriodic) Interlocked.Increment(ref _periodicTimers);
        }

        public void Set(Turn turn, TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                turn.Version++;
                turn.Period = period > TimeSpan.Zero ? TicksOf(period) : 0;
                if (dueTime == Timeout.InfiniteTimeSpan || turn.IsDisposed) return;
                turn.DueAt = Stopwatch.GetTimestamp() + TicksOf(dueTime);
                _due.Enqueue((turn, turn.Version), turn.DueAt);
                if (_due.Peek().Turn == turn) Monitor.Pulse(_lock);
            }
        }

        public void Forget(Turn turn)
        {
            lock (_lock)
            {
                turn.Version++;
                if (turn.IsDisposed) return;
                turn.IsDisposed = true;
                if (turn.IsPeriodic) Interlocked.Decrement(ref _periodicTimers);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                Monitor.Pulse(_lock);
            }
        }

        void Run()
        {
            while (Next() is { } turn) turn.Fire();
        }

        /// <summary>Waits for the next timer that is due; null at the end.</summary>
        Turn? Next()
        {
            lock (_lock)
            {
                while (!_disposed)
                {
                    if (!_due.TryPeek(out var next, out long dueAt))
                    {
                        Monitor.Wait(_lock);
                        continue;
                    }
                    if (next.Version != next.Turn.Version)
                    {
                        _due.Dequeue();     // changed or disposed since
                        continue;
                    }
                    long left = dueAt - Stopwatch.GetTimestamp();
                    if (left > 0)
                    {
                        Monitor.Wait(_lock, MillisecondsOf(left));
                        continue;
                    }
                    _due.Dequeue();
                    Rearm(next.Turn);
                    return next.Turn;
                }
                return null;
            }
        }

        /// <summary>A periodic timer keeps its rhythm; turns missed meanwhile are one.</summary>
        void Rearm(Turn turn)
        {
            if (turn.Period == 0) return;
            long missed = (Stopwatch.GetTimestamp() - turn.DueAt) / turn.Period;
            turn.DueAt += (missed + 1) * turn.Period;
            _due.Enqueue((turn, turn.Version), turn.DueAt);
        }

        static long TicksOf(TimeSpan time) => (long)(Math.Max(0, time.TotalSeconds) * Stopwatch.Frequency);

        /// <summary>Rounded up: a timer must not fire early.</summary>
        static int MillisecondsOf(long ticks) =>
            (int)Math.Min(int.MaxValue, ((ticks * 1000.0) + Stopwatch.Frequency - 1) / Stopwatch.Frequency);
    }

    sealed class Turn(Lane lane, TimerCallback callback, object? state, bool isPeriodic) : ITimer
    {
        public bool IsPeriodic => isPeriodic;

        // Guarded by the lane's lock.
        public long Version { get; set; }
        public long DueAt { get; set; }
        public long Period { get; set; }
        public bool IsDisposed { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lane.Set(this, dueTime, period);
            return !IsDisposed;
        }

        public void Dispose() => lane.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
