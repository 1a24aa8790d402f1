namespace Vigie.Alerting;

/// <summary>How an attempt to deliver ended.</summary>
/// <param name="Problem">Null if it was delivered. Holds no secrets.</param>
/// <param name="Reason">For the metric of failures.</param>
/// <param name="MayPass">Trying again may help.</param>
/// <param name="RetryAfter">When the other side says to try again.</param>
readonly record struct NotifyOutcome(string? Problem, string Reason, bool MayPass, TimeSpan? RetryAfter = null)
{
    public const string ClientReason = "clientError", ServerReason = "serverError", DeadlineReason = "contextDeadlineExceeded", OtherReason = "other";

    public static NotifyOutcome Delivered { get; } = new(null, "", false);

    public static NotifyOutcome Failed(string problem, string reason, bool mayPass, TimeSpan? retryAfter = null) =>
        new(problem, reason, mayPass, retryAfter);

    public bool IsDelivered => Problem is null;
}
