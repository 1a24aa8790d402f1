using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The buffers of one thread that works on a query. Not thread-safe.</summary>
sealed class Worker(Evaluator evaluator)
{
    readonly Stack<SampleColumns> _columns = new();
    readonly Stack<SeriesSamples> _samples = new();
    readonly Dictionary<int, Stack<(double[] Values, HistogramRow Histograms)>> _rows = [];

    readonly Dictionary<RangeFunctionRows, RangeContext> _contexts = [];

    public Evaluator Evaluator { get; } = evaluator;

    /// <summary>Samples this worker has looked at; counted anew for each step.</summary>
    public long LoadedSamples { get; set; }

    /// <summary>This worker's context of an operator, made when first asked for.</summary>
    public RangeContext ContextOf(RangeFunctionRows rows)
    {
        if (!_contexts.TryGetValue(rows, out var context)) _contexts[rows] = context = rows.NewContext(this);
        return context;
    }

    HistogramRow? _spare;

    /// <summary>Histogram cells for a row that will probably have none.</summary>
    public HistogramRow SpareHistograms(int steps)
    {
        if (_spare?.Steps != steps) _spare = new HistogramRow(steps);
        return _spare;
    }

    /// <summary>The cells of the last <see cref="SpareHistograms"/>, now the caller's.</summary>
    public HistogramRow TakeSpareHistograms()
    {
        var taken = _spare!;
        _spare = null;
        return taken;
    }

    public SampleColumns RentColumns() => _columns.TryPop(out var columns) ? columns : new SampleColumns();

    public void Return(SampleColumns columns) => _columns.Push(columns);

    public SeriesSamples RentSamples() => _samples.TryPop(out var samples) ? samples : new SeriesSamples();

    public void Return(SeriesSamples samples) => _samples.Push(samples);

    /// <summary>A row of scratch memory; its contents are anything, but it has no histograms.</summary>
    public ScratchRow RentRow(int steps)
    {
        if (!_rows.TryGetValue(steps, out var free)) _rows[steps] = free = new();
        var (values, histograms) = free.TryPop(out var known) ? known : (Evaluator.Memory.Rent(steps), new HistogramRow(steps));
        return new ScratchRow(this, values, histograms, steps);
    }

    internal void Return(double[] values, HistogramRow histograms, int steps)
    {
        histograms.Clear();
        _rows[steps].Push((values, histograms));
    }
}

/// <summary>Scratch memory for one row, given back by Dispose.</summary>
readonly ref struct ScratchRow(Worker worker, double[] values, HistogramRow histograms, int steps)
{
    public Row Row => new(values.AsSpan(0, steps), histograms);

    public void Dispose() => worker.Return(values, histograms, steps);
}
