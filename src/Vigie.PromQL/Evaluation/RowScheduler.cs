using System.Runtime.ExceptionServices;

namespace Vigie.PromQL;

/// <summary>
/// Runs the rows of an operator, on several threads if there is enough to do and cores are free. Rows do not depend on each other, so the result is
/// the same either way; a failure is that of the first row, in order, that failed in its partition.
/// </summary>
sealed class RowScheduler : IDisposable
{
    /// <summary>Cells below which starting other threads costs more than it saves.</summary>
    const long ParallelCellsMin = 4096;

    const int ParallelRowsMin = 64;

    readonly Evaluator _evaluator;
    readonly WorkerPool _pool;
    readonly CoreShare _cores;
    readonly Lock _lock = new();
    readonly List<Worker> _workers = [];
    readonly Stack<Worker> _idle = new();

    public RowScheduler(Evaluator evaluator, WorkerPool pool, CoreShare cores)
    {
        _evaluator = evaluator;
        _pool = pool;
        _cores = cores;
        MainWorker = pool.Rent(evaluator);
        _workers.Add(MainWorker);
    }

    public Worker MainWorker { get; }

    /// <summary>Samples all workers have looked at. Only while no rows are being run.</summary>
    public long LoadedSamples
    {
        get
        {
            long loaded = 0;
            foreach (var worker in _workers) loaded += worker.LoadedSamples;
            return loaded;
        }
    }

    /// <summary>How many threads are worth it now, for this much work.</summary>
    public int ThreadsFor(int count, int steps) =>
        count < ParallelRowsMin || (long)count * Math.Max(steps, 16) < ParallelCellsMin ? 1 : _cores.ThreadsNow;

    public void Run(int count, int steps, Action<int, Worker> body)
    {
        int threads = ThreadsFor(count, steps);
        if (threads < 2)
        {
            RunRange(0, count, MainWorker, body);
            return;
        }
        // Pieces much smaller than a thread's share, so that a slow piece does not leave the others waiting.
        int piece = Math.Clamp(count / (threads * 8), 16, 1024);
        RunParts(threads, (count + piece - 1) / piece, (part, worker) => RunRange(part * piece, Math.Min(count, (part + 1) * piece), worker, body));
    }

    /// <summary>Runs parts of a work, each on one thread, in any order.</summary>
    public void RunParts(int threads, int parts, Action<int, Worker> body)
    {
        if (threads < 2)
        {
            for (int part = 0; part < parts; part++) body(part, MainWorker);
            return;
        }
        try
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, TakeWorker,
                (part, _, worker) =>
                {
                    body(part, worker);
                    return worker;
                }, GiveBack);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    void RunRange(int from, int to, Worker worker, Action<int, Worker> body)
    {
        for (int row = from; row < to; row++)
        {
            _evaluator.Cancellation.ThrowIfCancellationRequested();
            body(row, worker);
        }
    }

    Worker TakeWorker()
    {
        lock (_lock)
        {
            if (_idle.TryPop(out var known)) return known;
            var worker = _pool.Rent(_evaluator);
            _workers.Add(worker);
            return worker;
        }
    }

    void GiveBack(Worker worker)
    {
        lock (_lock) _idle.Push(worker);
    }

    /// <summary>Gives the workers back to the engine; the query must have ended.</summary>
    public void Dispose()
    {
        foreach (var worker in _workers) _pool.Return(worker);
        _workers.Clear();
    }
}

/// <summary>
/// Shares the threads of an engine among its queries: one alone may use all, several use their own thread and what is left over, so that queries
/// do not wait for each other's pieces. Safe for concurrent use.
/// </summary>
sealed class CoreShare(int threadsMax)
{
    int _queries;

    /// <summary>Threads a running query may use now, its own included.</summary>
    public int ThreadsNow => Math.Max(1, threadsMax / Math.Max(1, Volatile.Read(ref _queries)));

    public void Enter() => Interlocked.Increment(ref _queries);

    public void Leave() => Interlocked.Decrement(ref _queries);
}
