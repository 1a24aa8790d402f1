using System.Text;

namespace Vigie.Model;

/// <summary>
/// Executes one template, as Go's text/template/exec does: the same order of evaluation, the same place in errors (the last node that was
/// being evaluated).
/// </summary>
sealed class TemplateExecutor(TemplateSet set, TemplateFunctions functions, ITemplateWriter writer, TemplateRun run)
{
    /// <summary>Stands for "no piped argument"; null is a value.</summary>
    static readonly object s_missing = new();

    enum Flow : byte { Next, Break, Continue }

    readonly List<(string Name, object? Value)> _variables = [];
    TemplateTree _tree = null!;
    TemplateNode? _at;

    public void Execute(TemplateTree tree, object? dot)
    {
        dot = TemplateValue.Of(dot);
        var (outerTree, outerVariables) = (_tree, _variables.ToArray());
        _tree = tree;
        if (++run.Depth > run.DepthMax) throw Error($"exceeded maximum template depth ({run.DepthMax})");
        _variables.Clear();
        _variables.Add(("$", dot));
        try
        {
            Walk(dot, tree.Root);
        }
        catch (TemplateFunctionException problem)
        {
            throw Error(problem.Message, problem);
        }
        run.Depth--;
        _tree = outerTree;
        _variables.Clear();
        _variables.AddRange(outerVariables);
    }

    Flow Walk(object? dot, TemplateNode node)
    {
        _at = node;
        if (++run.Steps > run.StepsMax) throw Error($"exceeded maximum number of steps ({run.StepsMax})");
        run.Cancellation.ThrowIfCancellationRequested();
        switch (node)
        {
            case TemplateText text:
                writer.WriteText(text.Text);
                return Flow.Next;
            case TemplateAction action:
                object? value = EvaluatePipe(dot, action.Pipe);
                if (action.Pipe.Declared.Count == 0) writer.WriteValue(value);
                return Flow.Next;
            case TemplateList list:
                foreach (var child in list.Nodes)
                    if (Walk(dot, child) is var flow and not Flow.Next) return flow;
                return Flow.Next;
            case TemplateBranch { Kind: TemplateBranchKind.Range } range: return WalkRange(dot, range);
            case TemplateBranch branch: return WalkBranch(dot, branch);
            case TemplateInvocation invocation:
                if (set.FindTree(invocation.Name) is not { } tree) throw Error($"template {GoText.Quote(invocation.Name)} not defined");
                Execute(tree, invocation.Pipe is null ? null : EvaluatePipe(dot, invocation.Pipe));
                return Flow.Next;
            case TemplateBreak: return Flow.Break;
            case TemplateContinue: return Flow.Continue;
            default: throw Error($"unknown node: {node}");
        }
    }

    Flow WalkBranch(object? dot, TemplateBranch branch)
    {
        int mark = _variables.Count;
        object? value = EvaluatePipe(dot, branch.Pipe);
        var flow = Flow.Next;
        if (TemplateValue.IsTrue(value)) flow = Walk(branch.Kind == TemplateBranchKind.With ? value : dot, branch.Body);
        else if (branch.Else is not null) flow = Walk(dot, branch.Else);
        ForgetSince(mark);
        return flow;
    }

    Flow WalkRange(object? dot, TemplateBranch range)
    {
        int outer = _variables.Count;
        object? value = EvaluatePipe(dot, range.Pipe);
        int mark = _variables.Count;
        bool any = false;
        foreach (var (key, item) in ItemsOf(range, value))
        {
            any = true;
            var declared = range.Pipe.Declared;
            if (declared.Count > 0)
            {
                object? first = declared.Count == 1 ? item : key;
                if (range.Pipe.IsAssignment)
                {
                    Assign(declared[0].Path[0], first);
                    if (declared.Count > 1) Assign(declared[1].Path[0], item);
                }
                else
                {
                    _variables[mark - declared.Count] = (declared[0].Path[0], first);
                    if (declared.Count > 1) _variables[mark - 1] = (declared[1].Path[0], item);
                }
            }
            var flow = Walk(item, range.Body);
            ForgetSince(mark);
            if (flow == Flow.Break) break;
        }
        var last = !any && range.Else is not null ? Walk(dot, range.Else) : Flow.Next;
        ForgetSince(outer);
        return last;
    }

    IEnumerable<(object? Key, object? Item)> ItemsOf(TemplateBranch range, object? value)
    {
        switch (value)
        {
            case null: yield break;
            case ITemplateMap map:
                foreach (string key in map.Keys) yield return (key, TemplateValue.Of(map.TryGet(key, out object? item) ? item : null));
                yield break;
            case IReadOnlyList<object?> list:
                for (int i = 0; i < list.Count; i++) yield return ((long)i, TemplateValue.Of(list[i]));
                yield break;
            case long count:
                if (range.Pipe.Declared.Count > 1) throw Error($"can't use {count} to iterate over more than one variable");
                for (long i = 0; i < count; i++) yield return (i, i);
                yield break;
            default:
                throw Error($"range can't iterate over {TemplateValue.Print(value)}");
        }
    }

    void ForgetSince(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    object? Variable(string name)
    {
        for (int i = _variables.Count - 1; i >= 0; i--)
            if (_variables[i].Name == name) return _variables[i].Value;
        throw Error("undefined variable: " + name);
    }

    void Assign(string name, object? value)
    {
        for (int i = _variables.Count - 1; i >= 0; i--)
        {
            if (_variables[i].Name != name) continue;
            _variables[i] = (name, value);
            return;
        }
        throw Error("undefined variable: " + name);
    }

    object? EvaluatePipe(object? dot, TemplatePipe pipe)
    {
        _at = pipe;
        object? value = s_missing;
        foreach (var command in pipe.Commands) value = EvaluateCommand(dot, command, value);
        foreach (var variable in pipe.Declared)
        {
            if (pipe.IsAssignment) Assign(variable.Path[0], value);
            else _variables.Add((variable.Path[0], value));
        }
        return value;
    }

    /// <param name="final">The value piped in, or <see cref="s_missing"/>.</param>
    object? EvaluateCommand(object? dot, TemplateCommand command, object? final)
    {
        var first = command.Operands[0];
        switch (first)
        {
            case TemplateField or TemplateChain or TemplateVariable { Path.Length: > 1 }:
                return EvaluatePath(dot, first, command.Operands, final);
            case TemplateIdentifier identifier: return CallFunction(dot, identifier, command, command.Operands, final);
        }
        if (first is not (TemplatePipe or TemplateVariable)) _at = first;
        if (command.Operands.Count > 1 || final != s_missing) throw Error("can't give argument to non-function " + first);
        if (first is TemplateNil) throw Error("nil is not a command");
        return EvaluateOperand(dot, first);
    }

    /// <summary>An operand that is an argument: nothing is applied to it.</summary>
    object? EvaluateOperand(object? dot, TemplateNode node)
    {
        _at = node;
        switch (node)
        {
            case TemplateDot: return dot;
            case TemplateNil: return null;
            case TemplateConstant constant: return constant.Problem is null ? constant.Value : throw Error(constant.Problem);
            case TemplateVariable { Path.Length: 1 } variable: return Variable(variable.Path[0]);
            case TemplateField or TemplateVariable or TemplateChain: return EvaluatePath(dot, node, [node], s_missing);
            case TemplateIdentifier identifier: return CallFunction(dot, identifier, identifier, [identifier], s_missing);
            case TemplatePipe pipe: return EvaluatePipe(dot, pipe);
            default: throw Error($"can't handle {node} as an argument");
        }
    }

    /// <summary>Follows fields; only the last one may be a method with arguments.</summary>
    object? EvaluatePath(object? dot, TemplateNode node, List<TemplateNode> operands, object? final)
    {
        _at = node;
        var (value, path) = node switch
        {
            TemplateField field => (dot, field.Path),
            TemplateVariable variable => (Variable(variable.Path[0]), variable.Path[1..]),
            TemplateChain { Start: TemplateNil } chain => throw Error("indirection through explicit nil in " + chain),
            TemplateChain chain => (EvaluateOperand(dot, chain.Start), chain.Path),
            _ => throw Error($"{node} has no fields"),
        };
        for (int i = 0; i < path.Length - 1; i++) value = Member(dot, node, path[i], value, [node], s_missing);
        return Member(dot, node, path[^1], value, operands, final);
    }

    object? Member(object? dot, TemplateNode node, string name, object? receiver, List<TemplateNode> operands, object? final)
    {
        receiver = TemplateValue.Of(receiver);
        if (receiver is null) return null;
        if (receiver is ITemplateMembers members)
        {
            bool hasArguments = operands.Count > 1 || final != s_missing;
            if (hasArguments && !members.TakesArguments(name) && members.TryGetMember(name, [], out _))
                throw Error($"{name} has arguments but cannot be invoked as function");
            object?[] arguments = Arguments(dot, operands, final);
            try
            {
                if (members.TryGetMember(name, arguments, out object? value)) return TemplateValue.Of(value);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                _at = node;
                throw Error($"error calling {name}: {problem.Message}", problem);
            }
        }
        if (receiver is ITemplateMap map)
        {
            if (operands.Count > 1 || final != s_missing) throw Error($"{name} is not a method but has arguments");
            return map.TryGet(name, out object? value) ? TemplateValue.Of(value) : map.ValueOfMissingKey;
        }
        throw Error($"can't evaluate field {name} in type {TemplateValue.TypeName(receiver)}");
    }

    object?[] Arguments(object? dot, List<TemplateNode> operands, object? final)
    {
        bool piped = final != s_missing;
        var arguments = new object?[operands.Count - 1 + (piped ? 1 : 0)];
        for (int i = 1; i < operands.Count; i++) arguments[i - 1] = EvaluateOperand(dot, operands[i]);
        if (piped) arguments[^1] = final;
        return arguments;
    }

    object? CallFunction(object? dot, TemplateIdentifier identifier, TemplateNode call, List<TemplateNode> operands, object? final)
    {
        _at = identifier;
        string name = identifier.Name;
        var function = functions.Find(name) ?? throw Error($"{GoText.Quote(name)} is not a defined function");
        int count = operands.Count - 1 + (final != s_missing ? 1 : 0);
        if (count < function.ArgumentsMin || count > function.ArgumentsMax)
        {
            string wanted = function.IsVariadic ? $"at least {function.ArgumentsMin}" : $"{function.ArgumentsMin}";
            throw Error($"wrong number of args for {name}: want {wanted} got {count}");
        }
        if (function == BuiltInFunctions.And || function == BuiltInFunctions.Or) return ShortCircuit(dot, function, operands, final);
        object?[] arguments = Arguments(dot, operands, final);
        if (++run.Steps > run.StepsMax) throw Error($"exceeded maximum number of steps ({run.StepsMax})");
        try
        {
            return TemplateValue.Of(function.Body(new TemplateCall(arguments, run)));
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Go turns a panic in a function into an error of the template too.
            _at = call;
            throw Error($"error calling {name}: {problem.Message}", problem);
        }
    }

    object? ShortCircuit(object? dot, TemplateFunction function, List<TemplateNode> operands, object? final)
    {
        object? value = null;
        for (int i = 1; i < operands.Count; i++)
        {
            value = EvaluateOperand(dot, operands[i]);
            if (TemplateValue.IsTrue(value) == (function == BuiltInFunctions.Or)) return value;
        }
        return final != s_missing ? final : value;
    }

    TemplateException Error(string message, Exception? inner = null)
    {
        var text = new StringBuilder("template: ").Append(_tree.ParseName).Append(':');
        if (_at is not null)
        {
            var before = _tree.Text.AsSpan(0, Math.Min(_at.Position, _tree.Text.Length));
            int line = 1 + before.Count('\n');
            int column = Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]);
            text.Append(line).Append(':').Append(column);
        }
        else
        {
            text.Append('1');
        }
        text.Append(": executing ").Append(GoText.Quote(_tree.Name));
        if (_at is not null) text.Append(" at <").Append(_at).Append('>');
        return new TemplateException(text.Append(": ").Append(message).ToString(), inner);
    }
}
