using System.Collections.Concurrent;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The buffers of one thread that works on a query. Not thread-safe. Kept for later queries by a <see cref="WorkerPool"/>.</summary>
sealed class Worker
{
    /// <summary>Buffers longer than this, in elements, are not kept for the next query.</summary>
    const int KeptLengthMax = 1 << 16;

    readonly Stack<SampleColumns> _columns = new();
    readonly Stack<SeriesSamples> _samples = new();
    readonly Dictionary<int, Stack<ScratchCells>> _rows = [];
    readonly Dictionary<RangeFunctionRows, RangeContext> _contexts = [];
    readonly Dictionary<SelectorRows, WindowPlaces> _windows = [];
    double[] _scratch = [];
    int[] _intScratch = [];
    HistogramRow? _spare;
    Evaluator? _evaluator;

    public Evaluator Evaluator => _evaluator!;

    /// <summary>Samples this worker has looked at; counted anew for each step.</summary>
    public long LoadedSamples { get; set; }

    /// <summary>Makes the worker that of a query.</summary>
    public void Begin(Evaluator evaluator)
    {
        _evaluator = evaluator;
        LoadedSamples = 0;
    }

    /// <summary>Forgets the query. Memory that the query owns is left to it; the worker's own buffers stay.</summary>
    public void End()
    {
        _rows.Clear();
        _contexts.Clear();
        _windows.Clear();
        _spare = null;
        _evaluator = null;
        if (_scratch.Length > KeptLengthMax) _scratch = [];
        if (_intScratch.Length > KeptLengthMax) _intScratch = [];
        // Histograms are the store's or the query's; a buffer must not keep them alive.
        Drop(_columns, static columns => columns.Capacity > KeptLengthMax, static columns => columns.Clear());
        Drop(_samples, static samples => samples.Capacity > KeptLengthMax, static samples => samples.Clear());
    }

    static void Drop<T>(Stack<T> buffers, Func<T, bool> isLarge, Action<T> clear)
    {
        foreach (var buffer in buffers) clear(buffer);
        if (buffers.TryPeek(out _) && buffers.Any(isLarge)) buffers.Clear();
    }

    /// <summary>This worker's context of an operator, made when first asked for.</summary>
    public RangeContext ContextOf(RangeFunctionRows rows)
    {
        if (!_contexts.TryGetValue(rows, out var context)) _contexts[rows] = context = rows.NewContext(this);
        return context;
    }

    /// <summary>This worker's memory of where a selector's samples lie, made when first asked for.</summary>
    public WindowPlaces WindowsOf(SelectorRows rows)
    {
        if (!_windows.TryGetValue(rows, out var windows)) _windows[rows] = windows = new WindowPlaces(Evaluator.Memory);
        return windows;
    }

    /// <summary>Memory for one call: valid until the next one on this worker.</summary>
    public Span<double> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new double[Math.Max(length, _scratch.Length * 2)];
        return _scratch.AsSpan(0, length);
    }

    /// <inheritdoc cref="Scratch"/>
    public Span<int> IntScratch(int length)
    {
        if (_intScratch.Length < length) _intScratch = new int[Math.Max(length, _intScratch.Length * 2)];
        return _intScratch.AsSpan(0, length);
    }

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
        if (!free.TryPop(out var cells)) cells = new ScratchCells(Evaluator.Memory.Rent(steps), new HistogramRow(steps));
        return new ScratchRow(this, cells, steps);
    }

    internal void Return(ScratchCells cells, int steps)
    {
        cells.Histograms.Clear();
        _rows[steps].Push(cells);
    }
}

/// <summary>Memory of a scratch row.</summary>
readonly record struct ScratchCells(double[] Values, HistogramRow Histograms);

/// <summary>Scratch memory for one row, given back by Dispose.</summary>
readonly ref struct ScratchRow(Worker worker, ScratchCells cells, int steps)
{
    public Row Row => new(cells.Values.AsSpan(0, steps), cells.Histograms);

    public void Dispose() => worker.Return(cells, steps);
}

/// <summary>Workers without a query, their buffers grown by earlier ones. Bounded; safe for concurrent use.</summary>
sealed class WorkerPool(int workersMax)
{
    readonly ConcurrentStack<Worker> _free = new();

    public Worker Rent(Evaluator evaluator)
    {
        if (!_free.TryPop(out var worker)) worker = new Worker();
        worker.Begin(evaluator);
        return worker;
    }

    public void Return(Worker worker)
    {
        worker.End();
        if (_free.Count < workersMax) _free.Push(worker);
    }
}
