using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// One series over all steps, being filled or read. A cell is a float (<see cref="Values"/> present), a histogram (<see cref="Histograms"/>
/// not null, value absent), or empty. The memory belongs to whoever made the row.
/// </summary>
readonly ref struct Row(Span<double> values, HistogramRow histograms)
{
    public readonly Span<double> Values = values;
    public readonly HistogramRow Histograms = histograms;

    public int Steps => Values.Length;

    public void Clear()
    {
        Cell.Clear(Values);
        Histograms.Clear();
    }

    public bool IsEmpty()
    {
        foreach (double value in Values)
            if (Cell.IsPresent(value)) return false;
        if (!Histograms.Any) return true;
        foreach (var histogram in Histograms.Cells)
            if (histogram is not null) return false;
        return true;
    }

    public bool HasAt(int step) => Cell.IsPresent(Values[step]) || Histograms[step] is not null;

    /// <summary>Number of samples, a histogram counting as its size in floats.</summary>
    public long SampleCount()
    {
        long count = Cell.CountPresent(Values);
        if (!Histograms.Any) return count;
        for (int i = 0; i < Steps; i++)
            if (Histograms[i] is { } histogram) count += HistogramRow.SizeOf(histogram);
        return count;
    }

    public void CopyTo(Row target)
    {
        Values.CopyTo(target.Values);
        target.Histograms.CopyFrom(Histograms, Steps);
    }

    public void SetFloat(int step, double value)
    {
        Values[step] = value;
        if (Histograms.Any) Histograms[step] = null;
    }

    public void SetHistogram(int step, FloatHistogram histogram)
    {
        Values[step] = Cell.Absent;
        Histograms[step] = histogram;
    }
}

/// <summary>The histogram cells of a row. Takes no memory until the first one is set, and keeps it then.</summary>
sealed class HistogramRow(int steps)
{
    /// <summary>For rows that are only read.</summary>
    public static HistogramRow None { get; } = new(0);

    FloatHistogram?[]? _cells;

    public int Steps => steps;

    /// <summary>False: certainly none.</summary>
    public bool Any { get; private set; }

    public FloatHistogram? this[int step]
    {
        get => Any ? _cells![step] : null;
        set
        {
            if (value is null)
            {
                if (Any) _cells![step] = null;
                return;
            }
            (_cells ??= new FloatHistogram?[steps])[step] = value;
            Any = true;
        }
    }

    /// <summary>All cells; only while <see cref="Any"/>.</summary>
    public Span<FloatHistogram?> Cells => _cells.AsSpan(0, steps);

    public void Clear()
    {
        if (!Any) return;
        Array.Clear(_cells!);
        Any = false;
    }

    public void CopyFrom(HistogramRow other, int count)
    {
        Clear();
        if (!other.Any) return;
        other.Cells[..count].CopyTo(_cells ??= new FloatHistogram?[steps]);
        Any = true;
    }

    /// <summary>What a histogram counts as, in float samples of 16 bytes, as Prometheus counts.</summary>
    public static int SizeOf(FloatHistogram histogram)
    {
        int bytes = 168 + 8 * (histogram.PositiveSpans.Length + histogram.NegativeSpans.Length
            + histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length + histogram.CustomValues.Length);
        return (bytes + 8) / 16;
    }
}
