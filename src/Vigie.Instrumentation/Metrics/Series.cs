namespace Vigie.Instrumentation;

/// <summary>One metric with one label set. <see cref="Record"/> is called from many threads at once, and allocates nothing.</summary>
/// <param name="labels">The labels between the braces, as UTF-8; empty for none.</param>
abstract class Series(byte[] labels)
{
    protected byte[] Labels { get; } = labels;

    public abstract void Record(double value);

    /// <summary>Writes the sample lines.</summary>
    public abstract void Write(ref ExpositionWriter writer, MetricText text);

    /// <summary>False for an observed series that the collection <paramref name="collection"/> has not seen.</summary>
    public virtual bool IsCurrent(int collection) => true;

    protected void WriteStart(ref ExpositionWriter writer, byte[] name)
    {
        writer.Write(name);
        if (Labels.Length > 0)
        {
            writer.Write("{"u8);
            writer.Write(Labels);
            writer.Write("}"u8);
        }
        writer.Write(" "u8);
    }

    protected static void Add(ref double total, double value)
    {
        var seen = Volatile.Read(ref total);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref total, seen + value, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }
}

/// <summary>A counter or an up-down counter.</summary>
sealed class SumSeries(byte[] labels, bool increasesOnly) : Series(labels)
{
    double _value;

    public override void Record(double value)
    {
        if (increasesOnly && !(value >= 0)) return;
        Add(ref _value, value);
    }

    public override void Write(ref ExpositionWriter writer, MetricText text)
    {
        WriteStart(ref writer, text.Name);
        writer.Write(Volatile.Read(ref _value));
        writer.Write("\n"u8);
    }
}

/// <summary>A gauge that is set.</summary>
sealed class GaugeSeries(byte[] labels) : Series(labels)
{
    double _value;

    public override void Record(double value) => Volatile.Write(ref _value, value);

    public override void Write(ref ExpositionWriter writer, MetricText text)
    {
        WriteStart(ref writer, text.Name);
        writer.Write(Volatile.Read(ref _value));
        writer.Write("\n"u8);
    }
}

/// <summary>A value observed at each collection. Recorded and written by the collecting thread alone.</summary>
sealed class ObservedSeries(byte[] labels, CollectionNumber collection, bool isSum) : Series(labels)
{
    double _value;
    int _seen = -1;

    public override void Record(double value)
    {
        _value = isSum && _seen == collection.Value ? _value + value : value;
        _seen = collection.Value;
    }

    public override bool IsCurrent(int collection) => _seen == collection;

    public override void Write(ref ExpositionWriter writer, MetricText text)
    {
        WriteStart(ref writer, text.Name);
        writer.Write(_value);
        writer.Write("\n"u8);
    }
}

/// <summary>The number of the collection that is running, shared by all observed series of an exporter.</summary>
sealed class CollectionNumber
{
    public int Value { get; private set; }

    public void Advance() => Value = unchecked(Value + 1) & int.MaxValue;
}

/// <summary>A classic histogram.</summary>
sealed class HistogramSeries(byte[] labels, double[] bounds) : Series(labels)
{
    /// <summary>Per bucket, not cumulative; the last is +Inf. The page's count is their sum, so it always equals the +Inf bucket.</summary>
    readonly long[] _counts = new long[bounds.Length + 1];

    double _sum;

    public override void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && !(value <= bounds[bucket])) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Add(ref _sum, value);
    }

    public override void Write(ref ExpositionWriter writer, MetricText text)
    {
        var count = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            count += Volatile.Read(ref _counts[bucket]);
            writer.Write(text.BucketName);
            writer.Write("{"u8);
            if (Labels.Length > 0)
            {
                writer.Write(Labels);
                writer.Write(","u8);
            }
            writer.Write(text.Bounds[bucket]);
            writer.Write("} "u8);
            writer.Write(count);
            writer.Write("\n"u8);
        }
        WriteStart(ref writer, text.SumName);
        writer.Write(Volatile.Read(ref _sum));
        writer.Write("\n"u8);
        WriteStart(ref writer, text.CountName);
        writer.Write(count);
        writer.Write("\n"u8);
    }
}
