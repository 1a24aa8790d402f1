using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// Writes a parsed RE2 expression as a .NET one for <see cref="RegexOptions.NonBacktracking"/>. Groups keep their numbers; their names do not
/// go along, since .NET would renumber them. A code point above U+FFFF is two characters there, so sets and the dot spell out the pairs.
/// </summary>
static class Re2Emitter
{
    public static string Emit(Re2Node node)
    {
        var output = new StringBuilder();
        Append(output, node);
        return output.ToString();
    }

    static void Append(StringBuilder output, Re2Node node)
    {
        switch (node)
        {
            case EmptyNode:
                break;
            case LiteralNode literal:
                output.Append(Regex.Escape(literal.Text));
                break;
            case ClassNode set:
                set.Set.AppendTo(output);
                break;
            case ConcatNode concat:
                foreach (var part in concat.Parts) AppendPart(output, part);
                break;
            case AlternateNode alternate:
                for (int i = 0; i < alternate.Choices.Length; i++)
                {
                    if (i > 0) output.Append('|');
                    Append(output, alternate.Choices[i]);
                }
                break;
            case CaptureNode capture:
                output.Append('(');
                Append(output, capture.Part);
                output.Append(')');
                break;
            case RepeatNode repeat:
                AppendRepeat(output, repeat);
                break;
            case AssertionNode assertion:
                output.Append(assertion.Kind switch
                {
                    Re2Assertion.TextBegin => "\\A",
                    Re2Assertion.TextEnd => "\\z",
                    Re2Assertion.LineBegin => "(?m:^)",
                    Re2Assertion.LineEnd => "(?m:$)",
                    Re2Assertion.WordBoundary => "\\b",
                    _ => "\\B",
                });
                break;
        }
    }

    static void AppendPart(StringBuilder output, Re2Node part)
    {
        if (part is not AlternateNode)
        {
            Append(output, part);
            return;
        }
        output.Append("(?:");
        Append(output, part);
        output.Append(')');
    }

    static void AppendRepeat(StringBuilder output, RepeatNode repeat)
    {
        string lazy = repeat.Greedy ? "" : "?";
        if (repeat is { Part: ClassNode { Set.IsAny: true }, Max: -1, Min: 0 or 1 })
        {
            // Any number of code points is any number of characters, as long as what stands around it is whole code points.
            if (repeat.Min == 1) RuneSet.Any.AppendTo(output);
            output.Append("[\\s\\S]*").Append(lazy);
            return;
        }
        output.Append("(?:");
        Append(output, repeat.Part);
        output.Append(')');
        switch (repeat.Min, repeat.Max)
        {
            case (0, -1): output.Append('*'); break;
            case (1, -1): output.Append('+'); break;
            case (0, 1): output.Append('?'); break;
            case (_, -1): output.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},}}"); break;
            default: output.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},{repeat.Max}}}"); break;
        }
        output.Append(lazy);
    }
}
