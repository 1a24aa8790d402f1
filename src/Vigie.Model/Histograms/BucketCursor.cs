namespace Vigie.Model;

/// <summary>Walks the buckets of one side of a histogram in either direction, with their indexes.</summary>
ref struct BucketCursor
{
    readonly ReadOnlySpan<HistogramSpan> _spans;
    readonly ReadOnlySpan<double> _counts;
    readonly bool _descending;
    int _span, _inSpan, _at;

    public BucketCursor(ReadOnlySpan<HistogramSpan> spans, ReadOnlySpan<double> counts, bool descending = false)
    {
        _spans = spans;
        _counts = counts;
        _descending = descending;
        if (!descending)
        {
            _span = -1;
            _at = -1;
            Index = -1;
            return;
        }
        _span = spans.Length;
        _at = counts.Length;
        foreach (var span in spans) Index += span.Offset + span.Length;
    }

    /// <summary>Of the bucket in its schema; grows away from zero.</summary>
    public int Index { get; private set; }

    public readonly double Count => _counts[_at];

    /// <summary>Position of the bucket among all buckets of the side.</summary>
    public readonly int Ordinal => _at;

    public bool MoveNext() => _descending ? MoveDown() : MoveUp();

    bool MoveUp()
    {
        if (++_at >= _counts.Length) return false;
        Index++;
        while (_span < 0 || _inSpan >= _spans[_span].Length)
        {
            if (++_span >= _spans.Length) return false;
            Index += _spans[_span].Offset;
            _inSpan = 0;
        }
        _inSpan++;
        return true;
    }

    bool MoveDown()
    {
        if (--_at < 0) return false;
        Index--;
        while (_span >= _spans.Length || _inSpan == 0)
        {
            if (_span < _spans.Length) Index -= _spans[_span].Offset;
            if (--_span < 0) return false;
            _inSpan = _spans[_span].Length;
        }
        _inSpan--;
        return true;
    }
}

/// <summary>Collects buckets in ascending order of their index and makes spans of them.</summary>
sealed class BucketCollector(int capacity)
{
    readonly List<HistogramSpan> _spans = new(4);
    readonly List<double> _counts = new(capacity);
    int _next;

    public void Add(int index, double count)
    {
        int gap = index - _next;
        if (_spans.Count > 0 && gap == 0) _spans[^1] = _spans[^1] with { Length = _spans[^1].Length + 1 };
        else _spans.Add(new HistogramSpan(gap, 1));
        _counts.Add(count);
        _next = index + 1;
    }

    /// <summary>Adds to the bucket added last.</summary>
    public void AddToLast(double count) => _counts[^1] += count;

    public bool EndsAt(int index) => _counts.Count > 0 && _next == index + 1;

    public HistogramSpan[] Spans() => _spans.Count == 0 ? [] : [.. _spans];

    public double[] Counts() => _counts.Count == 0 ? [] : [.. _counts];
}
