namespace Vigie.PromQL;

/// <summary>A query that does not parse. The message is the one Prometheus gives: <c>1:9: parse error: …</c></summary>
public sealed class PromQLParseException(string message, string detail, SourceSpan span) : Exception(message)
{
    /// <summary>The message without position and "parse error".</summary>
    public string Detail { get; } = detail;

    public SourceSpan Span { get; } = span;
}

/// <summary>A query that parses but cannot be evaluated; the message is shown to the user.</summary>
public class QueryEvaluationException(string message, Exception? inner = null) : Exception(message, inner);
