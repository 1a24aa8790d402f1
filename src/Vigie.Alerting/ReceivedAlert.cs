using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>An alert as it is posted.</summary>
/// <param name="StartsAt">Null: now, or at its end if that is given.</param>
/// <param name="EndsAt">Null: after the resolve timeout, if it is not posted again.</param>
public sealed record ReceivedAlert(Labels Labels, Labels Annotations, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string GeneratorUrl);
