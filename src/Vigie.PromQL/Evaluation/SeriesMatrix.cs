using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Rows that have been computed, in one pooled array: (series × step).</summary>
sealed class SeriesMatrix : VectorRows
{
    readonly Evaluator _evaluator;
    readonly List<Labels> _labels;
    readonly List<bool> _drops;
    readonly int _steps;
    double[] _values;
    HistogramRow?[] _histograms;
    bool _released;
    long _held;

    public SeriesMatrix(Evaluator evaluator, int steps, int capacity)
    {
        _evaluator = evaluator;
        _steps = steps;
        _labels = new List<Labels>(capacity);
        _drops = new List<bool>(capacity);
        _values = evaluator.Memory.Rent(Math.Max(1, (long)capacity * steps));
        _histograms = new HistogramRow?[capacity];
    }

    public override int Count => _labels.Count;
    public override Labels LabelsAt(int row) => _labels[row];
    public override bool DropsName(int row) => _drops[row];
    public bool Unique { get; init; }
    public override bool NamesMatter => !Unique;

    /// <summary>Adds an empty row. Rows taken before must not be used any more.</summary>
    public Row Add(Labels labels, bool dropsName)
    {
        AddUnset(labels, dropsName);
        Cell.Clear(_values.AsSpan((Count - 1) * _steps, _steps));
        return RowAt(Count - 1);
    }

    /// <summary>Adds a row whose cells hold anything, to be computed by <see cref="FillFrom"/>.</summary>
    public void AddUnset(Labels labels, bool dropsName)
    {
        _labels.Add(labels);
        _drops.Add(dropsName);
        if (Count > _histograms.Length) Grow();
    }

    public Row RowAt(int row) => new(_values.AsSpan(row * _steps, _steps), _histograms[row] ??= new HistogramRow(_steps));

    /// <summary>A row to be read only: one without histograms takes no memory for them.</summary>
    public Row PeekAt(int row) => new(_values.AsSpan(row * _steps, _steps), _histograms[row] ?? HistogramRow.None);

    public override void Fill(int row, Row target, Worker worker) => PeekAt(row).CopyTo(target);

    /// <summary>Computes a row of another operand in place.</summary>
    public void FillFrom(VectorRows source, int row, Worker worker)
    {
        var histograms = worker.SpareHistograms(_steps);
        source.Fill(row, new Row(_values.AsSpan(row * _steps, _steps), histograms), worker);
        if (histograms.Any) _histograms[row] = worker.TakeSpareHistograms();
    }

    /// <summary>Drops rows without a sample; the others move up.</summary>
    public void RemoveEmptyRows()
    {
        int kept = 0;
        for (int row = 0; row < Count; row++)
        {
            if (PeekAt(row).IsEmpty()) continue;
            if (kept != row)
            {
                PeekAt(row).Values.CopyTo(_values.AsSpan(kept * _steps, _steps));
                _histograms[kept] = _histograms[row];
                _histograms[row] = null;
                _labels[kept] = _labels[row];
                _drops[kept] = _drops[row];
            }
            kept++;
        }
        _labels.RemoveRange(kept, _labels.Count - kept);
        _drops.RemoveRange(kept, _drops.Count - kept);
    }

    /// <summary>Counts the samples against the query's limit.</summary>
    public SeriesMatrix Counted()
    {
        long samples = 0;
        for (int row = 0; row < Count; row++) samples += PeekAt(row).SampleCount();
        _held += samples;
        _evaluator.Memory.Hold(samples);
        return this;
    }

    /// <summary>Gives the memory back before the query ends.</summary>
    public void Release()
    {
        if (_released) return;
        _released = true;
        _evaluator.Memory.Return(_values);
        _evaluator.Memory.Release(_held);
    }

    /// <summary>The array behind the rows, now the caller's.</summary>
    public double[] HandOver()
    {
        _evaluator.Memory.HandOver(_values);
        return _values;
    }

    public void SetLabels(int row, Labels labels, bool dropsName)
    {
        _labels[row] = labels;
        _drops[row] = dropsName;
    }

    void Grow()
    {
        int capacity = Math.Max(8, _histograms.Length * 2);
        Array.Resize(ref _histograms, capacity);
        var grown = _evaluator.Memory.Rent((long)capacity * _steps);
        _values.AsSpan(0, (Count - 1) * _steps).CopyTo(grown);
        _evaluator.Memory.Return(_values);
        _values = grown;
    }
}
