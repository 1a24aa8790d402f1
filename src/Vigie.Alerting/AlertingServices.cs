using Microsoft.Extensions.Logging;

namespace Vigie.Alerting;

/// <summary>What many parts of alerting need.</summary>
/// <param name="Random">Numbers from 0 to 1 for the spread of waits.</param>
sealed record AlertingServices(ILogger Logger, AlertingMetrics Metrics, Func<double> Random);
