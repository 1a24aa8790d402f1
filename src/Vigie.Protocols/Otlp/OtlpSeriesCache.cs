namespace Vigie.Protocols.Otlp;

/// <summary>
/// Remembers which series the data points of metrics are, by their bytes, under one set of settings. Shared by concurrent requests.
/// </summary>
public sealed class OtlpSeriesCache(OtlpSettings settings, TimeProvider clock)
{
    const int ContextsMax = 500_000;

    readonly SeriesKeyCache _contexts = new(ContextsMax);
    ulong _nextContext;

    public OtlpSettings Settings { get; } = settings;

    internal TimeProvider Clock { get; } = clock;

    internal SeriesKeyCache Series { get; } = new();

    internal DeltaTotals? Deltas { get; } = settings.Deltas == DeltaHandling.AddUp ? new DeltaTotals(clock) : null;

    /// <summary>A number for the bytes that tell one metric from others; never that of other bytes.</summary>
    internal bool TryGetContext(ReadOnlySpan<byte> key, out ulong context)
    {
        bool found = _contexts.TryGet(key, out var known);
        context = known.Value;
        return found;
    }

    internal ulong AddContext(ReadOnlySpan<byte> key)
    {
        ulong context = Interlocked.Increment(ref _nextContext);
        _contexts.Set(key, new Model.SeriesRef(context));
        return context;
    }
}
