using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>A function of the samples in a window. One instance serves one operator on all threads; scratch memory comes with the call.</summary>
abstract class RangeFunction
{
    /// <summary>True if the result keeps the metric name, as a sample of the series does.</summary>
    public virtual bool KeepsName => false;

    /// <summary>Which argument is the range vector.</summary>
    public virtual int RangeArgument => 0;

    /// <summary>The result for one window that holds at least one sample, put into the output cell; or nothing.</summary>
    public abstract void Evaluate(in Window window, RangeContext context, Row output);

    /// <summary>All steps of a series that has only floats and plain windows; false: not done, evaluate step by step.</summary>
    public virtual bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output) => false;

    /// <summary>Called once per series with its finished row.</summary>
    public virtual void Finish(RangeContext context, Row output)
    {
    }
}

/// <summary>What a range function needs besides the window. One per worker and operator.</summary>
sealed class RangeContext(FunctionCall call, WindowFrame frame, double[]?[] scalars, Worker worker)
{
    readonly HashSet<string> _said = [];
    WindowPlaces? _windows;

    public WindowFrame Frame { get; } = frame;

    public EngineOptions Options => call.Evaluator.Options;

    /// <summary>Labels of the series at hand, with the metric name.</summary>
    public Labels Labels { get; private set; } = Labels.Empty;

    public string MetricName => Labels.MetricName;

    /// <summary>The range vector argument.</summary>
    public required SourceSpan RangeSpan { get; init; }

    public SourceSpan SpanOf(int argument) => call.SpanOf(argument);

    /// <summary>From the first to the last argument.</summary>
    public SourceSpan AllArguments => call.SpanOf(0).To(call.SpanOf(call.ArgumentCount - 1));

    public double Scalar(int argument, int step) => scalars[argument]![step];

    public void StartSeries(Labels labels)
    {
        Labels = labels;
        if (_said.Count > 0) _said.Clear();
    }

    public void CountLoaded(long samples) => worker.LoadedSamples += samples;

    /// <summary>Where the windows of the series at hand lie in its floats.</summary>
    public WindowPlaces FindWindows(ReadOnlySpan<long> times, int steps)
    {
        _windows ??= new WindowPlaces(call.Evaluator.Memory);
        _windows.Find(times, Frame, steps);
        return _windows;
    }

    /// <summary>Memory for one call of the function.</summary>
    public Span<double> Scratch(int length) => worker.Scratch(length);

    /// <inheritdoc cref="Scratch"/>
    public Span<int> IntScratch(int length) => worker.IntScratch(length);

    public void Warn(string text, SourceSpan span)
    {
        if (_said.Add(text)) call.Evaluator.Annotations.Warn(text, span);
    }

    public void Inform(string text, SourceSpan span)
    {
        if (_said.Add(text)) call.Evaluator.Annotations.Inform(text, span);
    }

    public void WarnAboutMix() =>
        Warn($"encountered a mix of histograms and floats for metric name {GoText.Quote(MetricName)}", RangeSpan);

    public void InformAboutIgnoredHistograms() =>
        Inform($"ignored histograms in a range containing both floats and histograms for metric name {GoText.Quote(MetricName)}", RangeSpan);

    public void WarnAboutMixedSchemas(SourceSpan span) => Warn(
        $"vector contains a mix of histograms with exponential and custom buckets schemas for metric name {GoText.Quote(MetricName)}", span);

    public void WarnAboutNotCounter(SourceSpan span) =>
        Warn($"this native histogram metric is not a counter: {GoText.Quote(MetricName)}", span);

    public void WarnAboutNotGauge(SourceSpan span) => Warn($"this native histogram metric is not a gauge: {GoText.Quote(MetricName)}", span);

    public void InformAboutReconciledBounds(string operation, SourceSpan span) =>
        Inform("mismatched custom buckets were reconciled during " + operation, span);
}

/// <summary>Calls of range functions: windows slide over each series.</summary>
sealed class RangeCall(RangeFunction function) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var scalars = new double[]?[call.ArgumentCount];
        for (int i = 0; i < scalars.Length; i++)
            if (i != function.RangeArgument) scalars[i] = call.Scalar(i);
        var range = call.Range(function.RangeArgument);
        RangeEdgeRules.Check(call.Node.Function.Name, range.Frame.Edges);
        var rows = new RangeFunctionRows(call, function, range, scalars);
        return function.KeepsName ? rows : call.DropNames(rows, merge: false);
    }
}

/// <summary>Which functions take which range selectors.</summary>
static class RangeEdgeRules
{
    public static void Check(string function, RangeEdges edges)
    {
        const string Anchored = "changes, delta, increase, rate, resets", Smoothed = "delta, increase, rate";
        if (edges == RangeEdges.Anchored && function is not ("changes" or "delta" or "increase" or "rate" or "resets"))
            throw new QueryEvaluationException($"anchored modifier can only be used with: {Anchored} - not with {function}");
        if (edges == RangeEdges.Smoothed && function is not ("delta" or "increase" or "rate"))
            throw new QueryEvaluationException($"smoothed modifier can only be used with: {Smoothed} - not with {function}");
    }
}

/// <summary>The rows of a range function.</summary>
sealed class RangeFunctionRows(FunctionCall call, RangeFunction function, RangeRows range, double[]?[] scalars) : VectorRows
{
    public override int Count => range.Count;
    public override Labels LabelsAt(int row) => range.LabelsAt(row);
    public override bool DropsName(int row) => !function.KeepsName || range.DropsName(row);
    public override bool NamesMatter => range.NamesMatter;

    public override void Fill(int row, Row target, Worker worker)
    {
        var samples = worker.RentSamples();
        range.Read(row, samples, worker);
        var context = worker.ContextOf(this);
        context.StartSeries(range.LabelsAt(row));
        target.Histograms.Clear();
        if (range.Frame.Edges != RangeEdges.Plain || samples.HasHistograms || call.Evaluator.StepCounts is not null
            || !function.TryEvaluateFloats(samples, context, target))
        {
            Cell.Clear(target.Values);
            EvaluateSteps(samples, context, target);
        }
        call.Evaluator.Memory.Touch(samples.Count);
        function.Finish(context, target);
        worker.Return(samples);
    }

    public RangeContext NewContext(Worker worker) => new(call, range.Frame, scalars, worker) { RangeSpan = call.SpanOf(function.RangeArgument) };

    void EvaluateSteps(SeriesSamples samples, RangeContext context, Row target)
    {
        var windows = new WindowReader(samples, range.Frame, call.Evaluator.Plan.LookbackMs);
        long loaded = 0;
        for (int step = 0; step < target.Steps; step++)
        {
            if ((step & 255) == 255) call.Evaluator.Cancellation.ThrowIfCancellationRequested();
            var window = windows.At(step);
            if (window.Count == 0) continue;
            loaded += window.Count;
            call.Evaluator.StepCounts?.Add(range.Frame.Grid, step, window.Count);
            function.Evaluate(window, context, target);
        }
        context.CountLoaded(loaded);
    }
}
