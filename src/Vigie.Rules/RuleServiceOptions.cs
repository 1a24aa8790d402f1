using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>Times and switches of rule evaluation. Defaults are Prometheus'.</summary>
public sealed record RuleServiceOptions
{
    /// <summary>An alert that goes on firing is sent again this often (<c>--rules.alert.resend-delay</c>).</summary>
    public TimeSpan ResendDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Longest outage after which the <c>for</c> state of alerts is restored (<c>--rules.alert.for-outage-tolerance</c>).
    /// </summary>
    public TimeSpan OutageTolerance { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Shortest time between a restart and the firing of a restored alert; state is restored only for rules that wait longer than this
    /// (<c>--rules.alert.for-grace-period</c>).
    /// </summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the <c>for</c> state of alerts is restored from the store after a start.</summary>
    public bool RestoreState { get; init; } = true;

    public ParserOptions Parser { get; init; } = ParserOptions.Default;
}
