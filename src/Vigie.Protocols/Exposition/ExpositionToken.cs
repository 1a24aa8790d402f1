namespace Vigie.Protocols.Exposition;

/// <summary>Lexical elements of both text formats; error messages name them.</summary>
enum ExpositionToken : byte
{
    Invalid, EndOfPage, Linebreak, Help, Type, Unit, EndWord, Text, Comment, MetricName, QuotedString, BraceOpen, BraceClose, LabelName,
    LabelValue, Comma, Equal, Timestamp, Value,
}

static class ExpositionTokens
{
    static readonly string[] Names =
    [
        "INVALID", "EOF", "LINEBREAK", "HELP", "TYPE", "UNIT", "EOFWORD", "TEXT", "COMMENT", "MNAME", "QSTRING", "BOPEN", "BCLOSE", "LNAME",
        "LVALUE", "COMMA", "EQUAL", "TIMESTAMP", "VALUE",
    ];

    public static string NameOf(ExpositionToken token) => Names[(int)token];
}

/// <summary>Where in a line the lexer stands: it decides which tokens may come.</summary>
enum LexerState : byte
{
    LineStart, MetadataName, MetadataText, Labels, LabelValue, Value, Timestamp, Exemplar, ExemplarValue, ExemplarTimestamp,
}
