using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Evaluates parsed queries over a <see cref="ISampleSource"/>. Of queries that have ended it keeps nothing but their buffers. Safe for concurrent use.
/// </summary>
public sealed class QueryEngine(EngineOptions options, TimeProvider clock)
{
    readonly WorkerPool _workers = new(2 * options.Parallelism);
    readonly CoreShare _cores = new(options.Parallelism);

    public EngineOptions Options { get; } = options;

    /// <summary>Told of every query that has ended, on the thread that ran it; null: nobody is. It must be quick and must not throw.</summary>
    public Action<FinishedQuery>? Finished { get; set; }

    /// <summary>The value of an expression at one time.</summary>
    /// <param name="timeMs">Unix milliseconds.</param>
    /// <exception cref="QueryEvaluationException">The query failed; the message is Prometheus'.</exception>
    public QueryResult Instant(ISampleSource source, Expression expression, long timeMs, QueryOptions options, CancellationToken cancellation) =>
        Run(source, expression, StepGrid.Instant(timeMs), timeMs, instant: true, options, cancellation);

    /// <summary>The values of a scalar or vector expression at <paramref name="startMs"/>, each step later, up to <paramref name="endMs"/>.</summary>
    /// <exception cref="QueryEvaluationException">The query failed; the message is Prometheus'.</exception>
    public QueryResult Range(ISampleSource source, Expression expression, long startMs, long endMs, long stepMs, QueryOptions options,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMs, 1);
        if (expression.Type is not (ValueType.Scalar or ValueType.Vector))
            throw new QueryEvaluationException(
                $"invalid expression type {GoText.Quote(expression.Type.Describe())} for range query, must be Scalar or instant Vector");
        return Run(source, expression, StepGrid.Range(startMs, endMs, stepMs), endMs, instant: false, options, cancellation);
    }

    QueryResult Run(ISampleSource source, Expression expression, StepGrid grid, long endMs, bool instant, QueryOptions options,
        CancellationToken caller)
    {
        long started = clock.GetTimestamp();
        var timeout = options.Timeout is { } wanted && wanted < Options.Timeout ? wanted : Options.Timeout;
        using var timer = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(caller, timer.Token);
        using var memory = new QueryMemory(options.SamplesMax ?? Options.SamplesMax, Options.MemoryBytesMax);
        var annotations = new Annotations();
        Evaluator? evaluator = null;
        PromQLMetrics.Started();
        _cores.Enter();
        try
        {
            var plan = QueryPlan.Make(expression, grid.StartMs, endMs, instant ? 0 : grid.StepMs, options.LookbackMs ?? Options.LookbackMs);
            var prepared = clock.GetElapsedTime(started);
            evaluator = new Evaluator(source, Options, plan, memory, annotations, _workers, _cores, options, grid, both.Token);
            var value = grid.Count == 0 ? ResultBuilder.NoSteps() : new ResultBuilder(evaluator, grid, instant).Build(plan.Expression);
            var statistics = new QueryStatistics(memory.PeakSamples, evaluator.LoadedSamples, clock.GetElapsedTime(started))
            {
                PeakBytes = memory.PeakBytes,
                Preparation = prepared,
                Waited = options.Waited,
                SamplesPerStep = evaluator.StepCounts?.Counts,
                StartMs = grid.StartMs,
                StepMs = grid.StepMs,
            };
            Finished?.Invoke(new FinishedQuery(expression, grid.StartMs, endMs, instant ? 0 : grid.StepMs, statistics, null, options.Origin));
            return new QueryResult(value, annotations, statistics);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            throw Failed(new QueryTimeoutException(Phases.Evaluation));
        }
        catch (OperationCanceledException)
        {
            throw Failed(new QueryCanceledException(Phases.Evaluation));
        }
        catch (QueryEvaluationException problem)
        {
            Failed(problem);
            throw;
        }
        finally
        {
            _cores.Leave();
            PromQLMetrics.Ended(clock.GetElapsedTime(started), evaluator?.LoadedSamples ?? 0);
            evaluator?.Dispose();
        }

        QueryEvaluationException Failed(QueryEvaluationException problem)
        {
            Finished?.Invoke(new FinishedQuery(expression, grid.StartMs, endMs, instant ? 0 : grid.StepMs, null, problem.Message, options.Origin));
            return problem;
        }
    }
}
