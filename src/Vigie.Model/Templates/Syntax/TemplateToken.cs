namespace Vigie.Model;

enum TemplateTokenKind : byte
{
    Error, End, Text, LeftDelimiter, RightDelimiter,
    /// <summary>White space inside an action; it separates operands.</summary>
    Space,
    Pipe, Declare, Assign, LeftParen, RightParen,
    /// <summary>A field with its dot: <c>.Labels</c>.</summary>
    Field,
    /// <summary>A variable with its $.</summary>
    Variable,
    Dot, Nil, Identifier, Keyword, Bool, CharConstant, Number, String, RawString,
    /// <summary>Any other printable character, such as the comma.</summary>
    Char,
}

/// <param name="Text">The source; for <see cref="TemplateTokenKind.Error"/> the message.</param>
/// <param name="Line">From 1.</param>
readonly record struct TemplateToken(TemplateTokenKind Kind, int Position, string Text, int Line)
{
    /// <summary>The form of Go's "unexpected …" messages.</summary>
    public override string ToString() => Kind switch
    {
        TemplateTokenKind.End => "EOF",
        TemplateTokenKind.Error => Text,
        TemplateTokenKind.Keyword or TemplateTokenKind.Nil or TemplateTokenKind.Dot => $"<{Text}>",
        _ when Text.Length > 10 => GoText.Quote(Text[..10]) + "...",
        _ => GoText.Quote(Text),
    };
}
