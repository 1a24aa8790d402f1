namespace Vigie.Collectors.Node;

/// <summary>The kernel's random number pool: /proc/sys/kernel/random.</summary>
sealed class EntropyCollector : INodeCollector
{
    public string Name => "entropy";

    public void Collect(ProcFiles files, NodePage page)
    {
        if (files.ReadProcNumber("sys/kernel/random/entropy_avail") is { } available)
            page.Gauge("entropy_available_bits", "Bits of available entropy.", available);
        if (files.ReadProcNumber("sys/kernel/random/poolsize") is { } size) page.Gauge("entropy_pool_size_bits", "Bits of entropy pool.",
            size);
    }
}
