namespace Vigie.PromQL;

/// <summary>The query took longer than it may (HTTP 503).</summary>
public sealed class QueryTimeoutException(string phase) : QueryEvaluationException($"query timed out in {phase}");

/// <summary>The caller gave up (HTTP 499 or 503).</summary>
public sealed class QueryCanceledException(string phase) : QueryEvaluationException($"query was canceled in {phase}");

/// <summary>The query would hold more samples than it may (HTTP 422).</summary>
public sealed class TooManySamplesException(string phase)
    : QueryEvaluationException($"query processing would load too many samples into memory in {phase}");
