namespace Vigie.Model;

/// <summary>
/// Parses the template language of Go's text/template. One parse gives the template itself and those it defines.
/// Variables and functions are checked here, as in Go.
/// </summary>
sealed class TemplateParser
{
    /// <summary>Deepest nesting of parentheses and control structures, so that no text can exhaust the stack.</summary>
    const int NestingMax = 200;

    readonly string _parseName;
    readonly string _text;
    readonly TemplateFunctions _functions;
    readonly List<TemplateToken> _tokens;
    readonly Dictionary<string, TemplateTree> _trees = new(StringComparer.Ordinal);
    List<string> _variables = ["$"];
    int _next;
    int _nesting;
    int _rangeDepth;

    TemplateParser(string parseName, string text, TemplateFunctions functions)
    {
        _parseName = parseName;
        _text = text;
        _functions = functions;
        _tokens = TemplateLexer.Tokens(text);
    }

    /// <exception cref="TemplateException">The text is not a template.</exception>
    public static IEnumerable<TemplateTree> Parse(string name, string text, TemplateFunctions functions)
    {
        var parser = new TemplateParser(name, text, functions);
        parser.ParseAll(name);
        return parser._trees.Values;
    }

    void ParseAll(string name)
    {
        var root = new TemplateList(0, []);
        while (Peek().Kind != TemplateTokenKind.End)
        {
            if (Peek().Kind == TemplateTokenKind.LeftDelimiter)
            {
                int start = _next++;
                var word = NextNonSpace();
                if (word is { Kind: TemplateTokenKind.Keyword, Text: "define" })
                {
                    ParseDefinition();
                    continue;
                }
                _next = start;
            }
            var node = ParseTextOrAction();
            if (node is TemplateEnd or TemplateElse) throw Error($"unexpected {node}");
            root.Nodes.Add(node);
        }
        Add(new TemplateTree(name, _parseName, _text, root));
    }

    void ParseDefinition()
    {
        string name = TemplateName(NextNonSpace(), "define clause");
        ExpectRightDelimiter("define clause");
        ParseNamedBody(name, "define clause");
    }

    /// <summary>The body of a define or block, which sees none of the variables around it.</summary>
    void ParseNamedBody(string name, string context)
    {
        var (outerVariables, outerRangeDepth) = (_variables, _rangeDepth);
        (_variables, _rangeDepth) = (["$"], 0);
        var (body, end) = ParseList();
        if (end is not TemplateEnd) throw Error($"unexpected {end} in {context}");
        Add(new TemplateTree(name, _parseName, _text, body));
        (_variables, _rangeDepth) = (outerVariables, outerRangeDepth);
    }

    void Add(TemplateTree tree)
    {
        if (_trees.TryGetValue(tree.Name, out var known) && !known.IsBlank)
        {
            if (!tree.IsBlank) throw Error($"template: multiple definition of template {GoText.Quote(tree.Name)}");
            return;
        }
        _trees[tree.Name] = tree;
    }

    /// <summary>Nodes up to an end or else, which is returned beside them.</summary>
    (TemplateList List, TemplateNode End) ParseList()
    {
        if (++_nesting > NestingMax) throw Error("template nests too deeply");
        var list = new TemplateList(PeekNonSpace().Position, []);
        while (PeekNonSpace().Kind != TemplateTokenKind.End)
        {
            var node = ParseTextOrAction();
            if (node is TemplateEnd or TemplateElse)
            {
                _nesting--;
                return (list, node);
            }
            list.Nodes.Add(node);
        }
        throw Error("unexpected EOF");
    }

    TemplateNode ParseTextOrAction()
    {
        var token = NextNonSpace();
        return token.Kind switch
        {
            TemplateTokenKind.Text => new TemplateText(token.Position, token.Text),
            TemplateTokenKind.LeftDelimiter => ParseAction(),
            _ => throw Unexpected(token, "input"),
        };
    }

    TemplateNode ParseAction()
    {
        var token = NextNonSpace();
        if (token.Kind == TemplateTokenKind.Keyword)
        {
            switch (token.Text)
            {
                case "if": return ParseBranch(token, TemplateBranchKind.If, "if");
                case "with": return ParseBranch(token, TemplateBranchKind.With, "with");
                case "range": return ParseBranch(token, TemplateBranchKind.Range, "range");
                case "template": return ParseInvocation();
                case "block": return ParseBlock();
                case "end":
                    ExpectRightDelimiter("end");
                    return new TemplateEnd(token.Position);
                case "else":
                    if (PeekNonSpace() is not { Kind: TemplateTokenKind.Keyword, Text: "if" or "with" }) ExpectRightDelimiter("else");
                    return new TemplateElse(token.Position);
                case "break" or "continue":
                    ExpectRightDelimiter("{{" + token.Text + "}}");
                    if (_rangeDepth == 0) throw Error($"{{{{{token.Text}}}}} outside {{{{range}}}}");
                    return token.Text == "break" ? new TemplateBreak(token.Position) : new TemplateContinue(token.Position);
            }
        }
        _next--;
        return new TemplateAction(token.Position, ParsePipeline("command", TemplateTokenKind.RightDelimiter));
    }

    TemplateBranch ParseBranch(TemplateToken word, TemplateBranchKind kind, string context)
    {
        if (++_nesting > NestingMax) throw Error("template nests too deeply");
        int variables = _variables.Count;
        var pipe = ParsePipeline(context, TemplateTokenKind.RightDelimiter);
        if (kind == TemplateBranchKind.Range) _rangeDepth++;
        var (body, end) = ParseList();
        if (kind == TemplateBranchKind.Range) _rangeDepth--;
        TemplateList? otherwise = null;
        if (end is TemplateElse)
        {
            // "else if" and "else with" stand for a nested branch that shares this one's end.
            if (kind != TemplateBranchKind.Range && Peek() is { Kind: TemplateTokenKind.Space }) _next++;
            var next = Peek();
            if (next.Kind == TemplateTokenKind.Keyword && next.Text == context && kind != TemplateBranchKind.Range)
            {
                _next++;
                otherwise = new TemplateList(next.Position, [ParseBranch(next, kind, context)]);
            }
            else if (next is { Kind: TemplateTokenKind.Keyword })
            {
                throw Unexpected(next, "else");
            }
            else
            {
                (otherwise, end) = ParseList();
                if (end is not TemplateEnd) throw Error($"expected end; found {end}");
            }
        }
        _variables.RemoveRange(variables, _variables.Count - variables);
        _nesting--;
        return new TemplateBranch(word.Position, kind, pipe, body, otherwise);
    }

    TemplateInvocation ParseInvocation()
    {
        var token = NextNonSpace();
        string name = TemplateName(token, "template clause");
        TemplatePipe? pipe = null;
        if (NextNonSpace().Kind != TemplateTokenKind.RightDelimiter)
        {
            _next--;
            pipe = ParsePipeline("template clause", TemplateTokenKind.RightDelimiter);
        }
        return new TemplateInvocation(token.Position, name, pipe);
    }

    /// <summary><c>{{block "name" pipeline}}</c>: defines a template and calls it.</summary>
    TemplateInvocation ParseBlock()
    {
        var token = NextNonSpace();
        string name = TemplateName(token, "block clause");
        var pipe = ParsePipeline("block clause", TemplateTokenKind.RightDelimiter);
        ParseNamedBody(name, "block clause");
        return new TemplateInvocation(token.Position, name, pipe);
    }

    string TemplateName(TemplateToken token, string context) =>
        token.Kind is TemplateTokenKind.String or TemplateTokenKind.RawString ? Unquote(token) : throw Unexpected(token, context);

    TemplatePipe ParsePipeline(string context, TemplateTokenKind end)
    {
        if (++_nesting > NestingMax) throw Error("template nests too deeply");
        int position = PeekNonSpace().Position;
        var declared = new List<TemplateVariable>();
        bool assignment = false;
        while (PeekNonSpace().Kind == TemplateTokenKind.Variable && TryParseDeclaration(context, declared, ref assignment)) { }
        var commands = new List<TemplateCommand>();
        while (true)
        {
            var token = NextNonSpace();
            if (token.Kind == end) break;
            if (!StartsOperand(token.Kind)) throw Unexpected(token, context);
            _next--;
            commands.Add(ParseCommand());
        }
        if (commands.Count == 0) throw Error("missing value for " + context);
        for (int i = 1; i < commands.Count; i++)
            if (commands[i].Operands[0] is TemplateConstant or TemplateDot or TemplateNil)
                throw Error($"non executable command in pipeline stage {i + 1}");
        _nesting--;
        return new TemplatePipe(position, declared, assignment, commands);
    }

    /// <returns>True if another variable follows (<c>range $i, $e := …</c>).</returns>
    bool TryParseDeclaration(string context, List<TemplateVariable> declared, ref bool assignment)
    {
        int start = _next;
        var variable = NextNonSpace();
        var next = PeekNonSpace();
        bool comma = next is { Kind: TemplateTokenKind.Char, Text: "," };
        if (next.Kind is not (TemplateTokenKind.Declare or TemplateTokenKind.Assign) && !comma)
        {
            _next = start;
            return false;
        }
        NextNonSpace();
        declared.Add(new TemplateVariable(variable.Position, [variable.Text]));
        _variables.Add(variable.Text);
        if (!comma)
        {
            assignment = next.Kind == TemplateTokenKind.Assign;
            return false;
        }
        if (context != "range" || declared.Count > 1) throw Error("too many declarations in " + context);
        if (PeekNonSpace().Kind != TemplateTokenKind.Variable) throw Error("range can only initialize variables");
        return true;
    }

    static bool StartsOperand(TemplateTokenKind kind) => kind is TemplateTokenKind.Bool or TemplateTokenKind.CharConstant
        or TemplateTokenKind.Dot or TemplateTokenKind.Field or TemplateTokenKind.Identifier or TemplateTokenKind.Number
        or TemplateTokenKind.Nil or TemplateTokenKind.RawString or TemplateTokenKind.String or TemplateTokenKind.Variable
        or TemplateTokenKind.LeftParen;

    TemplateCommand ParseCommand()
    {
        var operands = new List<TemplateNode>();
        int position = PeekNonSpace().Position;
        while (true)
        {
            PeekNonSpace();
            if (ParseOperand() is { } operand) operands.Add(operand);
            var token = Next();
            if (token.Kind == TemplateTokenKind.Space) continue;
            if (token.Kind is TemplateTokenKind.RightDelimiter or TemplateTokenKind.RightParen) _next--;
            else if (token.Kind != TemplateTokenKind.Pipe) throw Unexpected(token, "operand");
            break;
        }
        if (operands.Count == 0) throw Error("empty command");
        return new TemplateCommand(position, operands);
    }

    /// <summary>A term and the fields behind it.</summary>
    TemplateNode? ParseOperand()
    {
        var term = ParseTerm();
        if (term is null || Peek().Kind != TemplateTokenKind.Field) return term;
        int position = Peek().Position;
        var path = new List<string>();
        while (Peek().Kind == TemplateTokenKind.Field) path.Add(Next().Text[1..]);
        return term switch
        {
            TemplateField field => new TemplateField(position, [.. field.Path, .. path]),
            TemplateVariable variable => new TemplateVariable(position, [.. variable.Path, .. path]),
            TemplateConstant or TemplateNil or TemplateDot => throw Error($"unexpected . after term {GoText.Quote(term.ToString())}"),
            _ => new TemplateChain(position, term, [.. path]),
        };
    }

    TemplateNode? ParseTerm()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TemplateTokenKind.Identifier:
                if (_functions.Find(token.Text) is null) throw Error($"function {GoText.Quote(token.Text)} not defined");
                return new TemplateIdentifier(token.Position, token.Text);
            case TemplateTokenKind.Dot: return new TemplateDot(token.Position);
            case TemplateTokenKind.Nil: return new TemplateNil(token.Position);
            case TemplateTokenKind.Variable:
                if (!_variables.Contains(token.Text)) throw Error($"undefined variable {GoText.Quote(token.Text)}");
                return new TemplateVariable(token.Position, [token.Text]);
            case TemplateTokenKind.Field: return new TemplateField(token.Position, [token.Text[1..]]);
            case TemplateTokenKind.Bool: return new TemplateConstant(token.Position, token.Text, token.Text == "true");
            case TemplateTokenKind.CharConstant:
                if (!GoUnquote.TryUnquote(token.Text, out string character) || character.EnumerateRunes().Count() != 1)
                    throw Error("malformed character constant: " + token.Text);
                return new TemplateConstant(token.Position, token.Text, (long)character.EnumerateRunes().First().Value);
            case TemplateTokenKind.Number:
                if (!TemplateNumber.TryParse(token.Text, out object value, out string? problem))
                    throw Error(problem!);
                return new TemplateConstant(token.Position, token.Text, value, problem);
            case TemplateTokenKind.LeftParen: return ParsePipeline("parenthesized pipeline", TemplateTokenKind.RightParen);
            case TemplateTokenKind.String or TemplateTokenKind.RawString:
                return new TemplateConstant(token.Position, token.Text, Unquote(token));
            default:
                _next--;
                return null;
        }
    }

    string Unquote(TemplateToken token) =>
        GoUnquote.TryUnquote(token.Text, out string text) ? text : throw Error("invalid syntax");

    void ExpectRightDelimiter(string context)
    {
        var token = NextNonSpace();
        if (token.Kind != TemplateTokenKind.RightDelimiter) throw Unexpected(token, context);
    }

    /// <summary>The last token is the end or an error, and stays the next one for ever.</summary>
    TemplateToken Next() => _tokens[Math.Min(_next++, _tokens.Count - 1)];

    TemplateToken Peek() => _tokens[Math.Min(_next, _tokens.Count - 1)];

    TemplateToken NextNonSpace()
    {
        PeekNonSpace();
        return Next();
    }

    TemplateToken PeekNonSpace()
    {
        while (Peek().Kind == TemplateTokenKind.Space) _next++;
        return Peek();
    }

    TemplateException Unexpected(TemplateToken token, string context) =>
        token.Kind == TemplateTokenKind.Error ? Error(token.Text) : Error($"unexpected {token} in {context}");

    TemplateException Error(string message)
    {
        int line = _tokens[Math.Clamp(_next - 1, 0, _tokens.Count - 1)].Line;
        return new TemplateException($"template: {_parseName}:{line}: {message}");
    }
}
