namespace Vigie.Model;

/// <summary>A place in a store's log; what was acknowledged later stands behind it. Ordered.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">Byte offset of a record in it.</param>
/// <param name="Index">Number of a sample within the record.</param>
public readonly record struct LogPosition(ulong Segment, long Offset, int Index = 0) : IComparable<LogPosition>
{
    public int CompareTo(LogPosition other)
    {
        int order = Segment.CompareTo(other.Segment);
        if (order == 0) order = Offset.CompareTo(other.Offset);
        return order != 0 ? order : Index.CompareTo(other.Index);
    }

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;
    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;
    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;
    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>What a store has acknowledged, in order, for those who pass it on. Safe for concurrent use.</summary>
public interface ISampleLog
{
    /// <summary>Behind what is acknowledged now.</summary>
    LogPosition End { get; }

    /// <summary>
    /// Keeps the segments from this one on for readers, those included that are begun later, also over a restart and when the store itself
    /// no longer needs them. Older ones are given up.
    /// </summary>
    /// <exception cref="IOException">They cannot be kept.</exception>
    void Keep(ulong fromSegment);

    /// <summary>Gives up all segments, and keeps no new ones.</summary>
    void KeepNothing();

    /// <summary>The segments kept, ascending, with their bytes.</summary>
    IReadOnlyList<(ulong Segment, long Bytes)> Kept { get; }

    /// <summary>A reader that starts at the beginning of this segment, or of the first kept one after it.</summary>
    ISampleLogReader OpenReader(ulong fromSegment);
}

/// <summary>What <see cref="ISampleLogReader.Read"/> came to.</summary>
public enum LoggedKind : byte
{
    /// <summary>Nothing more for now.</summary>
    None,
    /// <summary>A segment began: series numbers of the one before mean nothing from here on.</summary>
    Segment,
    /// <summary>Series were given numbers: <see cref="ISampleLogReader.Series"/>.</summary>
    Series,
    /// <summary>Float samples, staleness markers among them.</summary>
    Samples,
    /// <summary>One native histogram.</summary>
    Histogram,
    /// <summary>One exemplar.</summary>
    Exemplar,
}

/// <summary>Reads a log record by record, and waits at its end for more. What its properties show is valid until the next read. One thread.</summary>
public interface ISampleLogReader : IDisposable
{
    /// <exception cref="IOException">The log cannot be read now; the next call tries again.</exception>
    LoggedKind Read();

    /// <summary>Of the record just read.</summary>
    LogPosition Position { get; }

    /// <summary>Behind the record just read.</summary>
    LogPosition Next { get; }

    IReadOnlyList<(int Number, Labels Labels)> Series { get; }

    /// <summary>Numbers of the series of samples; of a histogram or exemplar it is one.</summary>
    ReadOnlySpan<int> Numbers { get; }

    /// <summary>Unix milliseconds, one per sample.</summary>
    ReadOnlySpan<long> Timestamps { get; }

    ReadOnlySpan<double> Values { get; }

    FloatHistogram? Histogram { get; }

    Exemplar Exemplar { get; }

    /// <summary>Records skipped so far because they were damaged, or because what they need was.</summary>
    long DamagedRecords { get; }
}
