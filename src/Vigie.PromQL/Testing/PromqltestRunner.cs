using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>One evaluation of a script that did not give what it should have.</summary>
/// <param name="Line">Of the evaluation in the script, from 1.</param>
public sealed record PromqltestFailure(string FileName, int Line, string Expression, string Problem)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FileName}:{Line}: {Expression}: {Problem}");
}

/// <param name="Evaluations">How many evaluations the script has.</param>
public sealed record PromqltestReport(int Evaluations, IReadOnlyList<PromqltestFailure> Failures);

/// <summary>How scripts are run.</summary>
public sealed record PromqltestOptions
{
    public ParserOptions Parser { get; init; } = ParserOptions.AllExperimental;

    /// <summary>What the reference runner uses: look-back 5m, subquery step 1m, late removal of names, start timestamps.</summary>
    public EngineOptions Engine { get; init; } = new() { DelayedNameRemoval = true, StartTimestamps = true };

    /// <summary>Also evaluates instant queries as the middle of a range query of three steps, and compares.</summary>
    public bool InstantAsRange { get; init; }

    /// <summary>
    /// Also evaluates instant queries at other times, after fixing all their selectors to the original one with <c>@</c>.
    /// </summary>
    public bool FixedTime { get; init; }
}

/// <summary>Runs scripts of the load/eval language against a <see cref="QueryEngine"/> over a store in memory.</summary>
public sealed class PromqltestRunner
{
    readonly PromqltestOptions _options;
    readonly QueryEngine _engine;
    readonly MemorySampleStore _store = new();

    public PromqltestRunner(PromqltestOptions options, TimeProvider clock)
    {
        _options = options;
        _engine = new QueryEngine(options.Engine, clock);
    }

    /// <summary>Carries out the commands in order, starting with an empty store; a failed evaluation does not stop the script.</summary>
    public PromqltestReport Run(PromqltestScript script, CancellationToken cancellation)
    {
        _store.Clear();
        var failures = new List<PromqltestFailure>();
        int evaluations = 0;
        foreach (var command in script.Commands)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (command)
            {
                case ClearCommand:
                    _store.Clear();
                    break;
                case LoadCommand load:
                    Load(load);
                    break;
                case EvalCommand eval:
                    evaluations++;
                    if (Evaluate(eval, cancellation) is { } problem)
                        failures.Add(new PromqltestFailure(script.FileName, eval.Line, eval.Expression, problem));
                    break;
            }
        }
        return new PromqltestReport(evaluations, failures);
    }

    void Load(LoadCommand load)
    {
        foreach (var (series, startTimestamps) in load.Series)
        {
            for (int i = 0; i < series.Values.Length; i++)
            {
                var value = series.Values[i];
                if (value.IsOmitted) continue;
                long timestampMs = i * load.StepMs;
                long startMs = i < startTimestamps.Length && startTimestamps[i] is { } relativeMs ? timestampMs + relativeMs : 0;
                if (value.Histogram is { } histogram) _store.Add(series.Labels, timestampMs, histogram, startMs);
                else _store.Add(series.Labels, timestampMs, value.Value, startMs);
            }
        }
        if (load.WithCustomBuckets) ClassicHistograms.AddAsCustomBuckets(load, _store);
    }

    /// <returns>What is wrong, or null.</returns>
    string? Evaluate(EvalCommand eval, CancellationToken cancellation)
    {
        var expected = eval.Expectation;
        try
        {
            var expression = PromQLParser.Parse(eval.Expression, _options.Parser);
            using var result = Run(expression, eval.Grid, cancellation);
            if (expected.Fails) return "succeeded, expected a failure";
            string? problem = AnnotationCheck.Compare(eval, result.Annotations) ?? ResultComparison.Compare(eval, result.Value);
            problem ??= _options.InstantAsRange ? CompareAsRange(eval, expression, cancellation) : null;
            return problem ?? (_options.FixedTime ? CompareAtOtherTimes(eval, expression, cancellation) : null);
        }
        catch (PromQLParseException failure)
        {
            return CheckFailure(expected, failure.Message, failure.Detail);
        }
        catch (QueryEvaluationException failure)
        {
            return CheckFailure(expected, failure.Message, failure.Message);
        }
    }

    static string? CheckFailure(EvalExpectation expected, string message, string detail)
    {
        if (!expected.Fails) return $"failed: {message}";
        if (expected.Failure is not { } failure || failure.Accepts(message) || failure.Accepts(detail)) return null;
        return $"failed with {detail}, expected {failure}";
    }

    QueryResult Run(Expression expression, EvalGrid grid, CancellationToken cancellation) => grid.StepMs == 0
        ? _engine.Instant(_store, expression, grid.StartMs, QueryOptions.Default, cancellation)
        : _engine.Range(_store, expression, grid.StartMs, grid.EndMs, grid.StepMs, QueryOptions.Default, cancellation);

    string? CompareAsRange(EvalCommand eval, Expression expression, CancellationToken cancellation)
    {
        var expected = eval.Expectation;
        if (!eval.IsInstant || expected.Ordered || expected.Text is not null || expected.RangeVector is not null
            || expected.Scalar is not null || DependsOnRange(expression)) return null;
        const long MinuteMs = 60_000;
        long atMs = eval.Grid.StartMs;
        using var result = Run(expression, new EvalGrid(atMs - MinuteMs, atMs + MinuteMs, MinuteMs), cancellation);
        return ResultComparison.CompareMiddle(eval, result.Value, atMs) is { } problem ? $"as a range query: {problem}" : null;
    }

    string? CompareAtOtherTimes(EvalCommand eval, Expression expression, CancellationToken cancellation)
    {
        if (!eval.IsInstant || !TimeFixing.IsPossible(expression)) return null;
        long atMs = eval.Grid.StartMs;
        var fixedTime = TimeFixing.Fix(expression, atMs);
        foreach (long otherMs in atMs == 0 ? (long[])[-1000, 1000] : [-10 * atMs, 0, atMs / 5, 10 * atMs])
        {
            using var result = Run(fixedTime, new EvalGrid(otherMs, otherMs, 0), cancellation);
            if (ResultComparison.Compare(eval, result.Value) is { } problem)
                return string.Create(CultureInfo.InvariantCulture, $"{fixedTime} at {otherMs} ms: {problem}");
        }
        return null;
    }

    static bool DependsOnRange(Expression expression)
    {
        foreach (var node in ExpressionTree.SelfAndDescendants(expression))
        {
            switch (node)
            {
                case Call { Function.Name: "start" or "end" or "range" or "step" }:
                case VectorSelector { Time: { Boundary: not AtBoundary.None } or { OffsetExpression: not null } }:
                case MatrixSelector { RangeExpression: not null }:
                case Subquery { Time: { Boundary: not AtBoundary.None } or { OffsetExpression: not null } }:
                case Subquery { RangeExpression: not null } or Subquery { StepExpression: not null }:
                    return true;
            }
        }
        return false;
    }
}
