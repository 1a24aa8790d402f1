namespace Vigie.Rules;

/// <summary>Waits on a clock for any length of time; a single timer reaches only 49 days.</summary>
static class LongDelay
{
    static readonly TimeSpan s_pieceMax = TimeSpan.FromDays(1);

    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public static async Task WaitUntilAsync(DateTimeOffset moment, TimeProvider clock, CancellationToken cancellation)
    {
        while (moment - clock.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            // Timers count whole milliseconds: rounded down, the last part of one would be spent spinning.
            var piece = left < s_pieceMax ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : s_pieceMax;
            await Task.Delay(piece, clock, cancellation);
        }
    }
}
