namespace Vigie.Metrics;

/// <summary>First byte of a record's payload in the samples log. The numbers are part of the format: docs/formats/samples-log.md.</summary>
enum LogRecordKind : byte
{
    /// <summary>Series and the symbols they need, before their first use in the segment.</summary>
    Series = 1,
    /// <summary>A page: series that usually get samples together.</summary>
    Page = 2,
    /// <summary>One sample with one timestamp for each series of a page.</summary>
    PageSamples = 3,
    /// <summary>Float samples of any series and times.</summary>
    LooseSamples = 4,
    Histograms = 5,
    Exemplars = 6,
}
