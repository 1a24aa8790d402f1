using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Vigie.PromQL;

/// <summary>
/// Runs the rows of an operator, on several threads if there is enough to do. Rows do not depend on each other, so the result is the same either
/// way; a failure is that of the first row, in order, that failed in its partition.
/// </summary>
sealed class RowScheduler
{
    /// <summary>Cells below which starting other threads costs more than it saves.</summary>
    const long ParallelCellsMin = 4096;

    const int ParallelRowsMin = 64;

    readonly Evaluator _evaluator;
    readonly int _parallelism;
    readonly ConcurrentBag<Worker> _workers = [];

    public RowScheduler(Evaluator evaluator, int parallelism)
    {
        _evaluator = evaluator;
        _parallelism = parallelism;
        MainWorker = new Worker(evaluator);
    }

    public Worker MainWorker { get; }

    /// <summary>Samples all workers have looked at.</summary>
    public long LoadedSamples
    {
        get
        {
            long loaded = MainWorker.LoadedSamples;
            foreach (var worker in _workers) loaded += worker.LoadedSamples;
            return loaded;
        }
    }

    public void Run(int count, int steps, Action<int, Worker> body)
    {
        if (_parallelism < 2 || count < ParallelRowsMin || (long)count * Math.Max(steps, 16) < ParallelCellsMin) RunRange(0, count, MainWorker, body);
        else RunParallel(count, body);
    }

    void RunRange(int from, int to, Worker worker, Action<int, Worker> body)
    {
        for (int row = from; row < to; row++)
        {
            if ((row & 63) == 0) _evaluator.Cancellation.ThrowIfCancellationRequested();
            body(row, worker);
        }
    }

    void RunParallel(int count, Action<int, Worker> body)
    {
        // Pieces much smaller than a thread's share, so that a slow piece does not leave the others waiting.
        int piece = Math.Clamp(count / (_parallelism * 8), 16, 1024);
        int pieces = (count + piece - 1) / piece;
        try
        {
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = _parallelism },
                () => _workers.TryTake(out var known) ? known : new Worker(_evaluator),
                (index, _, worker) =>
                {
                    RunRange(index * piece, Math.Min(count, (index + 1) * piece), worker, body);
                    return worker;
                },
                _workers.Add);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
