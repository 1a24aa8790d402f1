using System.Collections.Frozen;

namespace Vigie.Model;

/// <summary>One call of a template function.</summary>
/// <param name="Arguments">The arguments, the piped one last. See <see cref="TemplateArguments"/> for typed access.</param>
/// <param name="Run">The execution the call belongs to.</param>
public readonly record struct TemplateCall(object?[] Arguments, TemplateRun Run)
{
    public int Count => Arguments.Length;
    public object? this[int index] => Arguments[index];
}

/// <summary>A function templates may call.</summary>
/// <param name="ArgumentsMin">Fewest arguments.</param>
/// <param name="ArgumentsMax">Most arguments; <see cref="int.MaxValue"/> for a variadic function.</param>
/// <param name="Body">Computes the result; throws <see cref="TemplateFunctionException"/> to refuse.</param>
public sealed record TemplateFunction(string Name, int ArgumentsMin, int ArgumentsMax, Func<TemplateCall, object?> Body)
{
    public bool IsVariadic => ArgumentsMax == int.MaxValue;
}

/// <summary>An immutable set of template functions by name. Every set contains Go's built-in ones.</summary>
public sealed class TemplateFunctions
{
    readonly FrozenDictionary<string, TemplateFunction> _byName;

    TemplateFunctions(IEnumerable<TemplateFunction> functions)
    {
        var byName = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal);
        foreach (var function in functions) byName[function.Name] = function;
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Go's built-in functions alone.</summary>
    public static TemplateFunctions BuiltIn { get; } = new([.. BuiltInFunctions.All, .. ComparisonFunctions.All]);

    /// <summary>This set with more functions; one of the same name replaces the old one.</summary>
    public TemplateFunctions With(params IEnumerable<TemplateFunction> functions) => new([.. _byName.Values, .. functions]);

    public TemplateFunction? Find(string name) => _byName.GetValueOrDefault(name);
}
