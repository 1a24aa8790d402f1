using System.Collections.Concurrent;

namespace Veza.StreamServer;

/// <summary>A stream that is on the air.</summary>
public sealed class LiveStream(string id, string title, int targetBps, long startedAt)
{
    double _bitrateBps = targetBps;
    long _segments;
    long _touchedAt = startedAt;

    public string Id { get; } = id;

    public string Title { get; } = title;

    /// <summary>What the encoder aims at, in bits per second.</summary>
    public int TargetBps { get; } = targetBps;

    public long StartedAt { get; } = startedAt;

    /// <summary>What the encoder made in the last second, in bits per second.</summary>
    public double BitrateBps
    {
        get => Volatile.Read(ref _bitrateBps);
        set => Volatile.Write(ref _bitrateBps, value);
    }

    public long Segments => Interlocked.Read(ref _segments);

    /// <summary>When somebody last asked for anything of this stream.</summary>
    public long TouchedAt
    {
        get => Interlocked.Read(ref _touchedAt);
        set => Interlocked.Exchange(ref _touchedAt, value);
    }

    /// <summary>Sessions watching, by id.</summary>
    public ConcurrentDictionary<string, bool> Viewers { get; } = new(StringComparer.Ordinal);

    public void Encoded() => Interlocked.Increment(ref _segments);
}
