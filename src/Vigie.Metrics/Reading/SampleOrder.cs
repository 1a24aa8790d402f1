using System.Numerics;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Puts samples of one series from several places in order.</summary>
static class SampleOrder
{
    /// <summary>Sorts the samples from <paramref name="start"/> on by time. Of equal times the first stays. Costs one pass if nothing is to do.</summary>
    public static void Restore(SampleColumns columns, int start)
    {
        if (IsAscending(columns.Timestamps[start..])) return;
        int count = columns.Count - start;
        var times = columns.Timestamps[start..].ToArray();
        var values = columns.Values[start..].ToArray();
        var histograms = columns.HasHistograms ? columns.Histograms[start..].ToArray() : null;
        var order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        Array.Sort(order, (a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        columns.Truncate(start);
        for (int i = 0; i < count; i++)
        {
            int from = order[i];
            if (i > 0 && times[from] == times[order[i - 1]]) continue;
            if (histograms?[from] is { } histogram) columns.Add(times[from], histogram);
            else columns.Add(times[from], values[from]);
        }
    }

    static bool IsAscending(ReadOnlySpan<long> times)
    {
        int at = 1;
        for (; at + Vector<long>.Count <= times.Length; at += Vector<long>.Count)
            if (!Vector.GreaterThanAll(new Vector<long>(times[at..]), new Vector<long>(times[(at - 1)..]))) return false;
        for (; at < times.Length; at++)
            if (times[at] <= times[at - 1]) return false;
        return true;
    }
}
