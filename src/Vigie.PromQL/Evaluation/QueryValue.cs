using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What a query evaluated to.</summary>
public abstract class QueryValue : IDisposable
{
    public abstract ValueType Type { get; }

    /// <summary>Gives pooled memory back; the value must not be used afterwards. Leaving it out costs memory, never correctness.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

public sealed class ScalarValue(long timestampMs, double value) : QueryValue
{
    public override ValueType Type => ValueType.Scalar;
    public long TimestampMs { get; } = timestampMs;
    public double Value { get; } = value;
}

public sealed class StringValue(long timestampMs, string text) : QueryValue
{
    public override ValueType Type => ValueType.String;
    public long TimestampMs { get; } = timestampMs;
    public string Text { get; } = text;
}

/// <summary>An instant vector: one sample per series, all at one time, in the order the query gave them.</summary>
public sealed class VectorValue : QueryValue
{
    readonly Labels[] _labels;
    readonly double[] _values;
    readonly FloatHistogram?[]? _histograms;

    internal VectorValue(long timestampMs, Labels[] labels, double[] values, FloatHistogram?[]? histograms)
    {
        TimestampMs = timestampMs;
        _labels = labels;
        _values = values;
        _histograms = histograms;
    }

    public override ValueType Type => ValueType.Vector;
    public long TimestampMs { get; }
    public int Count => _labels.Length;
    public Labels LabelsOf(int index) => _labels[index];

    /// <summary>Meaningless where <see cref="HistogramOf"/> is not null.</summary>
    public double ValueOf(int index) => _values[index];

    /// <summary>Null if the sample is a float.</summary>
    public FloatHistogram? HistogramOf(int index) => _histograms?[index];
}

/// <summary>Series with samples over time: the result of a range query, sorted by labels, or of a range selector.</summary>
public sealed class MatrixValue : QueryValue
{
    readonly Labels[] _labels;
    readonly int[] _starts;
    readonly int[] _counts;
    readonly int _steps;
    long[]? _sharedTimestamps;
    long[]? _timestamps;
    readonly FloatHistogram?[]? _histograms;
    double[]? _values;
    readonly bool _pooled;

    /// <param name="starts">Where each series begins in the columns.</param>
    /// <param name="sharedTimestamps">Timestamps of every series that has all <paramref name="steps"/> of them.</param>
    /// <param name="timestamps">Timestamps of the other series, parallel to the values; null if there is no such series.</param>
    /// <param name="values">Given back to the shared pool by Dispose, as the timestamps are, if <paramref name="pooled"/>.</param>
    internal MatrixValue(Labels[] labels, int[] starts, int[] counts, long[]? sharedTimestamps, int steps, long[]? timestamps, double[] values,
        FloatHistogram?[]? histograms, bool pooled)
    {
        _labels = labels;
        _starts = starts;
        _counts = counts;
        _sharedTimestamps = sharedTimestamps;
        _steps = steps;
        _timestamps = timestamps;
        _values = values;
        _histograms = histograms;
        _pooled = pooled;
    }

    public override ValueType Type => ValueType.Matrix;
    public int Count => _labels.Length;
    public Labels LabelsOf(int index) => _labels[index];

    /// <summary>Number of samples of a series; at least one.</summary>
    public int SampleCountOf(int index) => _counts[index];

    /// <summary>Unix milliseconds, ascending.</summary>
    public ReadOnlySpan<long> TimestampsOf(int index) => HasSharedTimestamps(index)
        ? _sharedTimestamps.AsSpan(0, _steps)
        : _timestamps.AsSpan(_starts[index], _counts[index]);

    /// <summary>True if the series has a sample at every step: all such series have the same timestamps.</summary>
    public bool HasSharedTimestamps(int index) => _sharedTimestamps is not null && _counts[index] == _steps;

    /// <summary>Float values; meaningless where the sample is a histogram.</summary>
    public ReadOnlySpan<double> ValuesOf(int index) => Values.AsSpan(_starts[index], _counts[index]);

    /// <summary>Empty if no series has a histogram, else one entry per sample, null where it is a float.</summary>
    public ReadOnlySpan<FloatHistogram?> HistogramsOf(int index) =>
        _histograms is null ? default : _histograms.AsSpan(_starts[index], _counts[index]);

    double[] Values => _values ?? throw new ObjectDisposedException(nameof(MatrixValue));

    public override void Dispose()
    {
        if (_pooled && _values is { } values)
        {
            NumberPool<double>.Shared.Return(values);
            if (_timestamps is { } timestamps) NumberPool<long>.Shared.Return(timestamps);
            if (_sharedTimestamps is { } shared) NumberPool<long>.Shared.Return(shared);
        }
        _values = null;
        _timestamps = _sharedTimestamps = null;
        base.Dispose();
    }
}
