using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>The <c>dotnet_*</c> metrics: garbage collection, threads, contention, exceptions.</summary>
public static class RuntimeInstruments
{
    static readonly Tag[][] s_generations =
        [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => new Tag[] { new("generation", generation.ToString("D")) })];

    static long s_exceptions;

    static RuntimeInstruments() => AppDomain.CurrentDomain.FirstChanceException += (_, _) => Interlocked.Increment(ref s_exceptions);

    /// <summary>Creates the instruments on <paramref name="meter"/>. They read the runtime when they are observed.</summary>
    public static void Create(Meter meter)
    {
        meter.CreateObservableCounter("dotnet_collection_count_total", Collections, null, "Number of garbage collections, by generation.");
        meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, "s",
            "Time the process has stood still for garbage collections.");
        meter.CreateObservableCounter("dotnet_gc_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(), "By",
            "Bytes allocated on the managed heap.");
        meter.CreateObservableGauge("dotnet_total_memory_bytes", () => GC.GetTotalMemory(forceFullCollection: false), "By",
            "Bytes in use on the managed heap.");
        meter.CreateObservableGauge("dotnet_gc_committed_bytes", () => GC.GetGCMemoryInfo().TotalCommittedBytes, "By",
            "Memory committed for the managed heap at the last collection.");
        meter.CreateObservableGauge("dotnet_gc_fragmented_bytes", () => GC.GetGCMemoryInfo().FragmentedBytes, "By",
            "Free space between objects on the managed heap at the last collection.");
        meter.CreateObservableGauge("dotnet_threadpool_threads", () => ThreadPool.ThreadCount, null, "Threads of the thread pool.");
        meter.CreateObservableGauge("dotnet_threadpool_queue_length", () => ThreadPool.PendingWorkItemCount, null,
            "Work items waiting for a thread of the thread pool.");
        meter.CreateObservableCounter("dotnet_threadpool_completed_items_total", () => ThreadPool.CompletedWorkItemCount, null,
            "Work items the thread pool has run.");
        meter.CreateObservableCounter("dotnet_lock_contentions_total", () => Monitor.LockContentionCount, null,
            "Times a thread had to wait for a lock.");
        meter.CreateObservableGauge("dotnet_timers", () => Timer.ActiveCount, null, "Active timers.");
        meter.CreateObservableCounter("dotnet_exceptions_total", () => Interlocked.Read(ref s_exceptions), null,
            "Exceptions thrown, handled ones too.");
    }

    static IEnumerable<Measurement<long>> Collections()
    {
        for (var generation = 0; generation < s_generations.Length; generation++)
        {
            // The runtime counts a collection of a generation for all younger ones too.
            var older = generation < GC.MaxGeneration ? GC.CollectionCount(generation + 1) : 0;
            yield return new Measurement<long>(GC.CollectionCount(generation) - older, s_generations[generation]);
        }
    }
}
