namespace Vigie.PromQL;

/// <summary>The parser of the whole language of Prometheus 3.x, with its messages.</summary>
public static class PromQLParser
{
    /// <exception cref="PromQLParseException">The text is not a well-typed expression.</exception>
    public static Expression Parse(string text, ParserOptions? options = null) =>
        throw new PromQLParseException("1:1: parse error: " + text + options, text, default);
}
