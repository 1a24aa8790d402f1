using System.Collections.Immutable;

namespace Vigie.PromQL;

/// <summary>Name and types of a function.</summary>
/// <param name="Variadic">0: exactly these arguments; −1: the last may be left out or repeated; n &gt; 0: all but the last, and up to n
/// more.</param>
/// <param name="Experimental">Parsed only with <see cref="ParserOptions.ExperimentalFunctions"/>.</param>
public sealed record FunctionSignature(
    string Name, ImmutableArray<ValueType> ArgumentTypes, ValueType ReturnType, int Variadic = 0, bool Experimental = false)
{
    public int ArgumentsMin => Variadic == 0 ? ArgumentTypes.Length : ArgumentTypes.Length - 1;

    public int ArgumentsMax => Variadic < 0 ? int.MaxValue : Variadic == 0 ? ArgumentTypes.Length : ArgumentTypes.Length - 1 + Variadic;

    /// <summary>Type of the argument at <paramref name="index"/>; the last declared one repeats.</summary>
    public ValueType TypeOfArgument(int index) => ArgumentTypes[Math.Min(index, ArgumentTypes.Length - 1)];
}
