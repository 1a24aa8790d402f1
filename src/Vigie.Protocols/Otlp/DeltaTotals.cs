using Vigie.Model;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Adds up what counts from point to point, per series, so that it can be stored as counters (OpenTelemetry metrics data model, Sums:
/// delta-to-cumulative). A series not heard of for <see cref="StaleMs"/> starts anew. Kept in memory only: after a restart counters start
/// anew,
/// which queries see as a reset. Safe for concurrent use.
/// </summary>
sealed class DeltaTotals(TimeProvider clock)
{
    const int SeriesMax = 1_000_000;
    const long StaleMs = 5 * 60_000, SweepMs = 60_000;

    readonly Lock _lock = new();
    readonly Dictionary<SeriesRef, Total> _totals = [];
    long _sweptMs;

    public int Count
    {
        get
        {
            lock (_lock) return _totals.Count;
        }
    }

    /// <summary>Adds a delta; <paramref name="value"/> and <paramref name="startNs"/> become those of the total.</summary>
    /// <param name="again">The request is translated a second time: points already added are no mistake.</param>
    /// <returns>Null, or why the point is refused.</returns>
    public string? Add(SeriesRef series, ref ulong startNs, ulong timeNs, ref double value, bool again)
    {
        lock (_lock)
        {
            var total = Begin(series, startNs, timeNs, again, out bool isOld, out string? problem);
            if (total is null) return problem;
            if (!isOld) total.Sum += value;
            (value, startNs) = (total.Sum, total.StartNs);
            return null;
        }
    }

    /// <summary>Adds a histogram with explicit bounds, in place. Other bounds than before start the series anew.</summary>
    /// <inheritdoc cref="Add(SeriesRef, ref ulong, ulong, ref double, bool)"/>
    public string? Add(SeriesRef series, ref ulong startNs, ulong timeNs, ExplicitPoint point, bool again)
    {
        lock (_lock)
        {
            var total = Begin(series, startNs, timeNs, again, out bool isOld, out string? problem);
            if (total is null) return problem;
            if (total.Counts is null || !point.Bounds.SequenceEqual(total.Bounds) || point.Counts.Length != total.Counts.Length)
            {
                (total.Bounds, total.Counts) = (point.Bounds.ToArray(), new ulong[point.Counts.Length]);
                (total.Sum, total.Count, total.StartNs) = (0, 0, startNs);
                isOld = false;
            }
            if (!isOld)
            {
                total.Sum += point.Sum;
                total.Count = unchecked(total.Count + point.Count);
                for (int i = 0; i < total.Counts.Length; i++) total.Counts[i] = unchecked(total.Counts[i] + point.Counts[i]);
            }
            total.Counts.CopyTo(point.Counts);
            (point.Sum, point.Count, startNs) = (total.Sum, total.Count, total.StartNs);
            return null;
        }
    }

    /// <summary>Adds a native histogram. Custom buckets with other bounds than before start the series anew.</summary>
    /// <inheritdoc cref="Add(SeriesRef, ref ulong, ulong, ref double, bool)"/>
    public string? Add(SeriesRef series, ref ulong startNs, ulong timeNs, ref FloatHistogram histogram, bool again)
    {
        lock (_lock)
        {
            var total = Begin(series, startNs, timeNs, again, out bool isOld, out string? problem);
            if (total is null) return problem;
            histogram.CounterResetHint = CounterResetHint.Unknown;
            if (total.Histogram is null || histogram.UsesCustomBuckets != total.Histogram.UsesCustomBuckets
                || !histogram.CustomValues.AsSpan().SequenceEqual(total.Histogram.CustomValues))
            {
                total.Histogram = histogram.Copy();
                total.StartNs = startNs;
            }
            else if (!isOld) total.Histogram.Add(histogram);
            histogram = total.Histogram.Copy();
            startNs = total.StartNs;
            return null;
        }
    }

    /// <summary>The series has ended.</summary>
    public void Remove(SeriesRef series)
    {
        lock (_lock) _totals.Remove(series);
    }

    Total? Begin(SeriesRef series, ulong startNs, ulong timeNs, bool again, out bool isOld, out string? problem)
    {
        Sweep();
        (isOld, problem) = (false, null);
        if (!_totals.TryGetValue(series, out var total))
        {
            if (_totals.Count >= SeriesMax)
            {
                problem = $"found more than {SeriesMax} series with delta temporality, dropped the new ones";
                return null;
            }
            _totals[series] = total = new Total { StartNs = startNs };
        }
        else if (startNs < total.StartNs)
            problem = "dropped a delta that starts before its series does: is there more than one sender of the series?";
        else if (timeNs <= total.TimeNs)
        {
            isOld = again && timeNs == total.TimeNs;
            if (!isOld) problem = "dropped a delta that is not newer than the one before it";
        }
        if (problem is not null) return null;
        total.TimeNs = timeNs;
        total.TouchedMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return total;
    }

    void Sweep()
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (now - _sweptMs < SweepMs) return;
        _sweptMs = now;
        foreach (var (series, total) in _totals)
            if (now - total.TouchedMs > StaleMs) _totals.Remove(series);
    }

    sealed class Total
    {
        public ulong StartNs, TimeNs, Count;
        public double Sum;
        public double[] Bounds = [];
        public ulong[]? Counts;
        public FloatHistogram? Histogram;
        public long TouchedMs;
    }
}
