using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vigie.Model;

/// <summary>
/// Writes a parsed RE2 expression as a .NET one for <see cref="RegexOptions.NonBacktracking"/>. Groups keep their numbers; their names do
/// not
/// go along, since .NET would renumber them. A code point above U+FFFF is two characters there, so sets and the dot spell out the pairs.
/// </summary>
sealed class Re2Emitter
{
    const string AsciiBoundary = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
    const string NoAsciiBoundary = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

    readonly StringBuilder _output = new();
    readonly bool _asciiWords;

    Re2Emitter(bool asciiWords) => _asciiWords = asciiWords;

    /// <param name="asciiWords">
    /// Spell out word boundaries, which are ASCII in RE2 and Unicode in .NET. It takes look-around, which the linear engine does not know.
    /// </param>
    public static string Emit(Re2Node node, bool asciiWords = false)
    {
        var emitter = new Re2Emitter(asciiWords);
        emitter.Append(node);
        return emitter._output.ToString();
    }

    public static bool HasWordBoundary(Re2Node node) => node switch
    {
        AssertionNode assertion => assertion.Kind is Re2Assertion.WordBoundary or Re2Assertion.NoWordBoundary,
        ConcatNode concat => concat.Parts.Any(HasWordBoundary),
        AlternateNode alternate => alternate.Choices.Any(HasWordBoundary),
        CaptureNode capture => HasWordBoundary(capture.Part),
        RepeatNode repeat => HasWordBoundary(repeat.Part),
        _ => false,
    };

    void Append(Re2Node node)
    {
        switch (node)
        {
            case EmptyNode:
                break;
            case LiteralNode literal:
                _output.Append(Regex.Escape(literal.Text));
                break;
            case ClassNode set:
                set.Set.AppendTo(_output);
                break;
            case ConcatNode concat:
                foreach (var part in concat.Parts) AppendPart(part);
                break;
            case AlternateNode alternate:
                for (int i = 0; i < alternate.Choices.Length; i++)
                {
                    if (i > 0) _output.Append('|');
                    Append(alternate.Choices[i]);
                }
                break;
            case CaptureNode capture:
                _output.Append('(');
                Append(capture.Part);
                _output.Append(')');
                break;
            case RepeatNode repeat:
                AppendRepeat(repeat);
                break;
            case AssertionNode assertion:
                _output.Append(assertion.Kind switch
                {
                    Re2Assertion.TextBegin => "\\A",
                    Re2Assertion.TextEnd => "\\z",
                    Re2Assertion.LineBegin => "(?m:^)",
                    Re2Assertion.LineEnd => "(?m:$)",
                    Re2Assertion.WordBoundary => _asciiWords ? AsciiBoundary : "\\b",
                    _ => _asciiWords ? NoAsciiBoundary : "\\B",
                });
                break;
        }
    }

    void AppendPart(Re2Node part)
    {
        if (part is not AlternateNode)
        {
            Append(part);
            return;
        }
        _output.Append("(?:");
        Append(part);
        _output.Append(')');
    }

    void AppendRepeat(RepeatNode repeat)
    {
        string lazy = repeat.Greedy ? "" : "?";
        if (repeat is { Part: ClassNode { Set.IsAny: true }, Max: -1, Min: 0 or 1 })
        {
            // Any number of code points is any number of characters, as long as what stands around it is whole code points.
            if (repeat.Min == 1) RuneSet.Any.AppendTo(_output);
            _output.Append("[\\s\\S]*").Append(lazy);
            return;
        }
        _output.Append("(?:");
        Append(repeat.Part);
        _output.Append(')');
        switch (repeat.Min, repeat.Max)
        {
            case (0, -1): _output.Append('*'); break;
            case (1, -1): _output.Append('+'); break;
            case (0, 1): _output.Append('?'); break;
            case (_, -1): _output.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},}}"); break;
            default: _output.Append(CultureInfo.InvariantCulture, $"{{{repeat.Min},{repeat.Max}}}"); break;
        }
        _output.Append(lazy);
    }
}
