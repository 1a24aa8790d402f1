namespace Vigie.Configuration.Prometheus;

/// <summary>Settings of the time-series store that may change on reload.</summary>
public sealed record StorageConfig
{
    /// <summary>How far behind the newest sample of its series a sample may be.</summary>
    public TimeSpan OutOfOrderTimeWindow { get; init; }

    public double StaleSeriesCompactionThreshold { get; init; }

    /// <summary>Zero: as the command line says.</summary>
    public TimeSpan RetentionTime { get; init; }

    /// <summary>Bytes; 0 for no bound.</summary>
    public long RetentionSizeBytes { get; init; }

    /// <summary>Part of the disk, 0 to 100; 0 for no bound.</summary>
    public double RetentionPercentage { get; init; }

    /// <summary>"", xor or xor2; kept for the file's sake.</summary>
    public string FloatChunkEncoding { get; init; } = "";

    /// <summary>Exemplars kept in memory; 0 for none.</summary>
    public long ExemplarsMax { get; init; } = 100_000;
}
