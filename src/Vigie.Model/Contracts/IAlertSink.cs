namespace Vigie.Model;

/// <summary>An alert on its way from a rule to Alertmanager. Its identity is its labels.</summary>
/// <param name="EndsAt">When it resolved, or until when it counts as firing if it is not sent again; null: not known.</param>
public sealed record Alert(Labels Labels, Labels Annotations, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string GeneratorUrl);

/// <summary>Takes alerts from rule evaluation. Returns when they are accepted; alerts are sent again until they resolve.</summary>
public interface IAlertSink
{
    ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation);
}
