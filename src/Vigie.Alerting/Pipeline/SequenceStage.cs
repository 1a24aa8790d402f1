namespace Vigie.Alerting;

/// <summary>One stage after the other, until one has nothing to hand on.</summary>
sealed class SequenceStage(params INotifyStage[] stages) : INotifyStage
{
    public async Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        Notification? current = notification;
        foreach (var stage in stages)
        {
            current = await stage.RunAsync(current, cancellation);
            if (current is null || current.Alerts.Count == 0) return null;
        }
        return current;
    }
}
