namespace Vigie.Metrics;

/// <summary>
/// The timestamps of one page (a scrape target), shared by the chunks of its series. The owner of the append lock adds; readers use only
/// the part that a chunk's count covers.
/// </summary>
sealed class TimeColumn(int id)
{
    long[] _times = new long[16];

    /// <summary>Index among the columns of its generation.</summary>
    public int Id { get; } = id;

    public int Count { get; private set; }

    /// <summary><see cref="long.MinValue"/> if there is none.</summary>
    public long LastTimeMs => Count == 0 ? long.MinValue : _times[Count - 1];

    public void Add(long timestampMs)
    {
        if (Count == _times.Length)
        {
            var larger = new long[_times.Length * 2];
            _times.CopyTo(larger, 0);
            larger[Count] = timestampMs;
            Volatile.Write(ref _times, larger);
        }
        else
        {
            _times[Count] = timestampMs;
        }
        Count++;
    }

    /// <summary>A run that a published chunk count covers.</summary>
    public ReadOnlySpan<long> Run(int start, int count) => Volatile.Read(ref _times).AsSpan(start, count);
}
