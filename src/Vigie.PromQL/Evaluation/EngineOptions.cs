namespace Vigie.PromQL;

/// <summary>Limits and switches of a <see cref="QueryEngine"/>. Defaults are Prometheus'.</summary>
public sealed record EngineOptions
{
    /// <summary>How far before an evaluation time a sample may lie and still count (<c>--query.lookback-delta</c>). Default 5 minutes.</summary>
    public long LookbackMs { get; init; } = 300_000;

    /// <summary>Greatest number of samples a query may hold at a time (<c>--query.max-samples</c>). Default 50 million.</summary>
    public long SamplesMax { get; init; } = 50_000_000;

    /// <summary>
    /// Greatest number of bytes a query may hold at a time, as far as they grow with its series and steps (<c>--query.max-memory</c>). Default: a
    /// quarter of what the process may use.
    /// </summary>
    public long MemoryBytesMax { get; init; } = MemoryBytesMaxDefault;

    public static long MemoryBytesMaxDefault { get; } = Math.Max(64L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Longest a query may take (<c>--query.timeout</c>). Default 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Step of subqueries that name none: the global evaluation interval. Default 1 minute.</summary>
    public long SubqueryStepMs { get; init; } = 60_000;

    /// <summary>
    /// Threads the queries of an engine share: one alone may use all, several use their own and what is left over. Default: the number of processors.
    /// </summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary><c>promql-delayed-name-removal</c>: metric names are dropped at the end of the evaluation instead of operator by operator.</summary>
    public bool DelayedNameRemoval { get; init; }

    /// <summary><c>type-and-unit-labels</c>: rate() judges by the label <c>__type__</c> whether a series is a counter, not by its name.</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary><c>st-storage</c> and <c>created-timestamps</c>: rate() and its kin use the start timestamps of samples.</summary>
    public bool StartTimestamps { get; init; }
}

/// <summary>What a single query may choose for itself.</summary>
public sealed record QueryOptions
{
    public static QueryOptions Default { get; } = new();

    /// <summary>Null: as the engine has it.</summary>
    public long? LookbackMs { get; init; }

    /// <summary>Null: as the engine has it; a longer one than the engine's is cut to it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Null: as the engine has it.</summary>
    public long? SamplesMax { get; init; }

    /// <summary>Count samples per step, for <c>stats=all</c>.</summary>
    public bool StatisticsPerStep { get; init; }

    /// <summary>Takes where time and samples go; null: nobody wants to know.</summary>
    public QueryTrace? Trace { get; init; }

    /// <summary>Who asks; handed to <see cref="QueryEngine.Finished"/> as it is.</summary>
    public object? Origin { get; init; }

    /// <summary>How long the query has waited for its turn; part of the statistics.</summary>
    public TimeSpan Waited { get; init; }
}
