namespace Vigie.Model;

/// <summary>How values are written into the output.</summary>
public enum TemplateOutput
{
    /// <summary>As they are (Go's text/template).</summary>
    Text,
    /// <summary>Escaped for the HTML around them (Go's html/template).</summary>
    Html,
}

/// <summary>
/// Named Go templates that can call each other. Follows text/template and html/template with the option <c>missingkey=zero</c>: the value of
/// a missing key of a map of strings is "". Parse everything first; after that, executing is safe from several threads.
/// </summary>
/// <remarks>Language: https://pkg.go.dev/text/template. Values: see <see cref="TemplateValue"/>.</remarks>
public sealed class TemplateSet
{
    readonly TemplateFunctions _functions;
    readonly Dictionary<string, TemplateTree> _trees;

    public TemplateSet(TemplateFunctions functions)
    {
        _functions = functions;
        _trees = new Dictionary<string, TemplateTree>(StringComparer.Ordinal);
    }

    TemplateSet(TemplateSet other)
    {
        _functions = other._functions;
        _trees = new Dictionary<string, TemplateTree>(other._trees, StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => _trees.Keys;

    public bool Has(string name) => _trees.ContainsKey(name);

    /// <summary>A copy that can be extended without changing this one.</summary>
    public TemplateSet Clone() => new(this);

    /// <summary>
    /// Adds a text under a name, and the templates it defines. A template of the same name is replaced, unless the new one is blank.
    /// </summary>
    /// <exception cref="TemplateException">The text is not a template; nothing is added.</exception>
    public TemplateSet Parse(string name, string text)
    {
        foreach (var tree in TemplateParser.Parse(name, text, _functions))
            if (!tree.IsBlank || !_trees.ContainsKey(tree.Name)) _trees[tree.Name] = tree;
        return this;
    }

    /// <summary>Executes a template of this set.</summary>
    /// <exception cref="TemplateException">It is not defined, fails, or passes a limit of <paramref name="run"/>.</exception>
    public string Execute(string name, object? dot, TemplateRun run, TemplateOutput output = TemplateOutput.Text)
    {
        if (!_trees.TryGetValue(name, out var tree)) throw new TemplateException($"template: no template {GoText.Quote(name)} defined");
        return Execute(tree, dot, run, output);
    }

    /// <summary>
    /// Parses and executes a text that may call the templates of this set, and define or redefine some for itself, without changing the set.
    /// </summary>
    /// <exception cref="TemplateException">The text does not parse, fails, or passes a limit of <paramref name="run"/>.</exception>
    public string ExecuteText(string name, string text, object? dot, TemplateRun run, TemplateOutput output = TemplateOutput.Text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal) && output == TemplateOutput.Text) return text;
        return Clone().Parse(name, text).Execute(name, dot, run, output);
    }

    /// <summary>What executing a text is bound to fail with, as far as can be told without data: that it does not parse, or that templates
    /// it calls are not defined.</summary>
    /// <returns>Null if nothing is wrong.</returns>
    public string? ProblemIn(string name, string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal)) return null;
        try
        {
            var set = Clone().Parse(name, text);
            string? missing = set._trees[name].Root.Invocations().FirstOrDefault(invoked => !set.Has(invoked));
            return missing is null ? null : $"template {GoText.Quote(missing)} not defined";
        }
        catch (TemplateException problem)
        {
            return problem.Message;
        }
    }

    internal TemplateTree? FindTree(string name) => _trees.GetValueOrDefault(name);

    internal string Execute(TemplateTree tree, object? dot, TemplateRun run, TemplateOutput output)
    {
        ITemplateWriter writer = output == TemplateOutput.Html ? new HtmlTemplateWriter(run) : new TextTemplateWriter(run);
        var outer = run.Set;
        if (outer is null) run.Depth = run.Steps = run.OutputChars = 0;
        run.Set = this;
        try
        {
            new TemplateExecutor(this, _functions, writer, run).Execute(tree, dot);
        }
        finally
        {
            run.Set = outer;
        }
        return writer.ToString()!;
    }
}
