namespace Vigie.Alerting;

/// <summary>All integrations at the same time; one that fails does not hold up the others.</summary>
sealed class FanOutStage(IEnumerable<INotifyStage> stages) : INotifyStage
{
    readonly INotifyStage[] _stages = [.. stages];

    public async Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        var runs = Array.ConvertAll(_stages, stage => stage.RunAsync(notification, cancellation));
        // Waits for all even if one throws; then throws the first.
        await Task.WhenAll(runs);
        return notification;
    }
}
