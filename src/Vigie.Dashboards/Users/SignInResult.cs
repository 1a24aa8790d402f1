namespace Vigie.Dashboards;

/// <summary>What became of an attempt to sign in.</summary>
public enum SignInOutcome
{
    SignedIn,
    WrongCredentials,
    TooManyAttempts,
}

/// <param name="Token">The session's secret, for the cookie; null unless signed in.</param>
/// <param name="RetryAfter">How long further attempts are refused; zero unless there were too many.</param>
public sealed record SignInResult(SignInOutcome Outcome, User? User, string? Token, TimeSpan RetryAfter);
