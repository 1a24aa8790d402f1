namespace Veza.StreamServer;

/// <summary>
/// Encodes all streams, a segment a second: the bitrate wanders about its target. Streams that nobody asks about are ended.
/// </summary>
public sealed class Encoders(Streams streams, TimeProvider clock) : BackgroundService
{
    const double Wander = 0.08;
    const double Pull = 0.2;
    static readonly TimeSpan s_segment = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_abandonedAfter = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_segment, clock);
        var last = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var passed = clock.GetElapsedTime(last);
            last = clock.GetTimestamp();
            foreach (var stream in streams.Live)
            {
                Encode(stream);
                streams.Watched(passed * stream.Viewers.Count);
                if (clock.GetElapsedTime(stream.TouchedAt) > s_abandonedAfter) await streams.StopAsync(stream.Id, stoppingToken);
            }
        }
    }

    static void Encode(LiveStream stream)
    {
        var noise = ((2 * Random.Shared.NextDouble()) - 1) * Wander * stream.TargetBps;
        stream.BitrateBps = Math.Max(0, stream.BitrateBps + (Pull * (stream.TargetBps - stream.BitrateBps)) + noise);
        stream.Encoded();
    }
}
