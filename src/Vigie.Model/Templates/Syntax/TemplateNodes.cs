using System.Text;

namespace Vigie.Model;

/// <summary>A node of a template. <see cref="object.ToString"/> gives the source form that errors show.</summary>
/// <param name="Position">Offset in the text, in characters.</param>
abstract record TemplateNode(int Position);

sealed record TemplateList(int Position, List<TemplateNode> Nodes) : TemplateNode(Position)
{
    /// <summary>Names of the templates that are called from here.</summary>
    public IEnumerable<string> Invocations() => Nodes.SelectMany(static node => node switch
    {
        TemplateInvocation invocation => [invocation.Name],
        TemplateBranch branch => branch.Body.Invocations().Concat(branch.Else?.Invocations() ?? []),
        _ => Enumerable.Empty<string>(),
    });

    public override string ToString() => string.Concat(Nodes);
}

sealed record TemplateText(int Position, string Text) : TemplateNode(Position)
{
    public override string ToString() => Text;
}

/// <summary>A pipeline that is evaluated and, unless it declares variables, printed.</summary>
sealed record TemplateAction(int Position, TemplatePipe Pipe) : TemplateNode(Position)
{
    public override string ToString() => "{{" + Pipe + "}}";
}

/// <param name="Declared">Variables on the left of := or =.</param>
/// <param name="IsAssignment">True for =, which sets variables that exist.</param>
sealed record TemplatePipe(int Position, List<TemplateVariable> Declared, bool IsAssignment, List<TemplateCommand> Commands)
    : TemplateNode(Position)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Declared.Count > 0) text.AppendJoin(", ", Declared).Append(IsAssignment ? " = " : " := ");
        return text.AppendJoin(" | ", Commands).ToString();
    }
}

/// <summary>Operands separated by spaces; the first may be a function, method or field that takes the others.</summary>
sealed record TemplateCommand(int Position, List<TemplateNode> Operands) : TemplateNode(Position)
{
    public override string ToString() =>
        string.Join(' ', Operands.ConvertAll(static operand => operand is TemplatePipe ? $"({operand})" : operand.ToString()));
}

sealed record TemplateIdentifier(int Position, string Name) : TemplateNode(Position)
{
    public override string ToString() => Name;
}

/// <param name="Path">The variable's name with its $, then fields.</param>
sealed record TemplateVariable(int Position, string[] Path) : TemplateNode(Position)
{
    public override string ToString() => string.Join('.', Path);
}

sealed record TemplateDot(int Position) : TemplateNode(Position)
{
    public override string ToString() => ".";
}

sealed record TemplateNil(int Position) : TemplateNode(Position)
{
    public override string ToString() => "nil";
}

/// <summary>Fields of the dot: <c>.Alerts.Firing</c>.</summary>
sealed record TemplateField(int Position, string[] Path) : TemplateNode(Position)
{
    public override string ToString() => "." + string.Join('.', Path);
}

/// <summary>Fields of a parenthesised pipeline: <c>(index .Alerts 0).Labels</c>.</summary>
sealed record TemplateChain(int Position, TemplateNode Start, string[] Path) : TemplateNode(Position)
{
    public override string ToString() => (Start is TemplatePipe ? $"({Start})" : Start.ToString()) + "." + string.Join('.', Path);
}

/// <summary>A boolean, number or string. A number too great for Go's int has no value and <see cref="Problem"/> says so.</summary>
sealed record TemplateConstant(int Position, string Source, object Value, string? Problem = null) : TemplateNode(Position)
{
    public override string ToString() => Source;
}

enum TemplateBranchKind : byte { If, With, Range }

sealed record TemplateBranch(int Position, TemplateBranchKind Kind, TemplatePipe Pipe, TemplateList Body, TemplateList? Else)
    : TemplateNode(Position)
{
    public override string ToString()
    {
        string word = Kind switch { TemplateBranchKind.If => "if", TemplateBranchKind.With => "with", _ => "range" };
        return $"{{{{{word} {Pipe}}}}}{Body}{(Else is null ? "" : "{{else}}" + Else)}{{{{end}}}}";
    }
}

/// <summary><c>{{template "name" pipeline}}</c></summary>
sealed record TemplateInvocation(int Position, string Name, TemplatePipe? Pipe) : TemplateNode(Position)
{
    public override string ToString() => $"{{{{template {GoText.Quote(Name)}{(Pipe is null ? "" : " " + Pipe)}}}}}";
}

sealed record TemplateBreak(int Position) : TemplateNode(Position)
{
    public override string ToString() => "{{break}}";
}

sealed record TemplateContinue(int Position) : TemplateNode(Position)
{
    public override string ToString() => "{{continue}}";
}

/// <summary>Only inside the parser: what ends a list.</summary>
sealed record TemplateEnd(int Position) : TemplateNode(Position)
{
    public override string ToString() => "{{end}}";
}

/// <inheritdoc cref="TemplateEnd"/>
sealed record TemplateElse(int Position) : TemplateNode(Position)
{
    public override string ToString() => "{{else}}";
}
