namespace Vigie.Instrumentation;

/// <summary>A readiness check: returns when ready, throws when not; the exception's message is the answer's <c>error</c>.</summary>
public delegate Task ReadinessCheck(IServiceProvider services, CancellationToken cancellationToken);

/// <summary>What <c>/ready</c> checks.</summary>
public sealed class HealthOptions
{
    internal Dictionary<string, ReadinessCheck> Checks { get; } = new(StringComparer.Ordinal);

    /// <summary>Longest a check may take; it is unready after that. Default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The check "memory" is unready above this many bytes on the managed heap. Default 1 GiB; null for no check.</summary>
    public long? HeapBytesMax { get; set; } = 1L << 30;

    /// <summary>The check "threads" is unready above this many threads. Default 10,000; null for no check.</summary>
    public int? ThreadsMax { get; set; } = 10_000;

    /// <summary>Adds a check, such as "database" or "redis". All run at once, each bounded by <see cref="Timeout"/>.</summary>
    /// <exception cref="ArgumentException">There is a check of this name.</exception>
    public HealthOptions AddCheck(string name, ReadinessCheck check)
    {
        if (!Checks.TryAdd(name, check)) throw new ArgumentException($"readiness check \"{name}\" is added twice", nameof(name));
        return this;
    }
}
