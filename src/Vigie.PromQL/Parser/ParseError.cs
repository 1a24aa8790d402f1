namespace Vigie.PromQL;

static class ParseError
{
    public static PromQLParseException At(string query, SourceSpan span, string detail) =>
        new($"{span.PositionIn(query)}: parse error: {detail}", detail, span);
}
