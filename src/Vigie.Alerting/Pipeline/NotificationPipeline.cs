namespace Vigie.Alerting;

/// <summary>The whole way of a notification from a group to the integrations of its receiver.</summary>
sealed class NotificationPipeline(
    Inhibitor inhibitor, TimeIntervalSet intervals, SilenceStore silences, NotificationLog log, TimeProvider clock, AlertingServices services)
{
    public INotifyStage For(Receiver receiver) => new SequenceStage(
        new InhibitStage(inhibitor, services),
        new TimeIntervalStage(intervals, services),
        new SilenceStage(silences, services),
        new FanOutStage(receiver.Integrations.Select(integration => new SequenceStage(
            new DedupStage(log, integration),
            new RetryStage(integration, clock, services),
            new RecordStage(log, integration)))));
}
