using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>
/// The nearest equivalents of Go's runtime metrics under their names (<c>go_goroutines</c>, <c>go_memstats_alloc_bytes</c>, ...), so that
/// dashboards and alerts made for Go services keep working when a service is .NET.
/// </summary>
public static class GoRuntimeInstruments
{
    const int PausesMax = 256;
    static readonly (double Quantile, Tag[] Tags)[] s_quantiles =
    [
        (0, [new("quantile", "0")]), (0.25, [new("quantile", "0.25")]), (0.5, [new("quantile", "0.5")]),
        (0.75, [new("quantile", "0.75")]), (1, [new("quantile", "1")]),
    ];

    /// <summary>Creates the instruments on <paramref name="meter"/>. They read the runtime when they are observed.</summary>
    public static void Create(Meter meter, TimeProvider? clock = null)
    {
        var process = new ProcessStatus(clock ?? TimeProvider.System);
        var pauses = new Pauses();
        meter.CreateObservableGauge("go_goroutines", () => ThreadPool.ThreadCount + ThreadPool.PendingWorkItemCount, null,
            "Thread pool threads and waiting work items: the equivalent of goroutines.");
        meter.CreateObservableGauge("go_threads", () => process.Threads, null, "Number of operating system threads.");
        meter.CreateObservableGauge("go_memstats_alloc_bytes", () => GC.GetTotalMemory(forceFullCollection: false), null,
            "Bytes in use on the managed heap.");
        meter.CreateObservableGauge("go_memstats_sys_bytes", () => process.ResidentBytes, null, "Bytes obtained from the system.");
        meter.CreateObservableGauge("go_gc_duration_seconds", pauses.Quantiles, null,
            "Pauses of the garbage collections seen last at a scrape, by quantile.");
        meter.CreateObservableCounter("go_gc_duration_seconds_sum", () => GC.GetTotalPauseDuration().TotalSeconds, null,
            "Time the process has stood still for garbage collections.");
        meter.CreateObservableCounter("go_gc_duration_seconds_count", () => (long)GC.CollectionCount(0), null,
            "Number of garbage collections.");
    }

    /// <summary>The pauses of the last collections that were the newest one at some observation.</summary>
    sealed class Pauses
    {
        readonly Queue<double> _seconds = new();
        long _lastIndex = -1;

        public List<Measurement<double>> Quantiles()
        {
            var collection = GC.GetGCMemoryInfo(GCKind.Any);
            if (collection.Index > 0 && collection.Index != _lastIndex)
            {
                _lastIndex = collection.Index;
                if (_seconds.Count == PausesMax) _seconds.Dequeue();
                _seconds.Enqueue(collection.PauseDurations.Length > 0 ? collection.PauseDurations[0].TotalSeconds : 0);
            }
            double[] sorted = [.. _seconds.Order()];
            var quantiles = new List<Measurement<double>>(s_quantiles.Length);
            foreach (var (quantile, tags) in s_quantiles)
                quantiles.Add(new Measurement<double>(sorted.Length == 0 ? 0 : sorted[(int)(quantile * (sorted.Length - 1))], tags));
            return quantiles;
        }
    }
}
