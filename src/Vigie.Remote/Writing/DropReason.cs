namespace Vigie.Remote;

/// <summary>Why something was not sent; values of the label <c>reason</c>, as in Prometheus.</summary>
static class DropReason
{
    public static readonly KeyValuePair<string, object?> TooOld = new("reason", "too_old");

    /// <summary>write_relabel_configs took it out.</summary>
    public static readonly KeyValuePair<string, object?> DroppedSeries = new("reason", "dropped_series");

    /// <summary>The definition of the series was lost.</summary>
    public static readonly KeyValuePair<string, object?> UnknownSeries = new("reason", "unintentionally_dropped_series");

    /// <summary>Version 1.0 has no histograms with custom buckets.</summary>
    public static readonly KeyValuePair<string, object?> CustomBuckets = new("reason", "nhcb_in_rw1_not_supported");
}
