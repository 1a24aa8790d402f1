using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Functions on texts that the templates of Prometheus and of Alertmanager share.</summary>
static class TextFunctions
{
    public static IReadOnlyList<TemplateFunction> Shared { get; } =
    [
        new("toUpper", 1, 1, static call => TemplateArguments.Text(call.Arguments, 0).ToUpperInvariant()),
        new("toLower", 1, 1, static call => TemplateArguments.Text(call.Arguments, 0).ToLowerInvariant()),
        new("match", 2, 2, static call =>
            TemplateRegexes.IsMatch(TemplateArguments.Text(call.Arguments, 0), TemplateArguments.Text(call.Arguments, 1))),
        new("reReplaceAll", 3, 3, static call => TemplateRegexes.ReplaceAll(
            TemplateArguments.Text(call.Arguments, 0), TemplateArguments.Text(call.Arguments, 1), TemplateArguments.Text(call.Arguments, 2))),
        new("safeHtml", 1, 1, static call => new TemplateSafeHtml(TemplateArguments.Text(call.Arguments, 0))),
        new("humanizeDuration", 1, 1, static call => Humanize.Duration(Humanize.Number(call[0]))),
    ];

    /// <summary>Every word with a capital letter.</summary>
    /// <param name="lowersRest">Alertmanager's title makes the other letters small, Prometheus' leaves them.</param>
    public static string Title(string text, bool lowersRest)
    {
        var output = new StringBuilder(text.Length);
        bool inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            bool isWord = Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '\'';
            var cased = isWord && !inWord ? Rune.ToUpper(rune, CultureInfo.InvariantCulture)
                : lowersRest ? Rune.ToLower(rune, CultureInfo.InvariantCulture) : rune;
            output.Append(cased.ToString());
            inWord = isWord;
        }
        return output.ToString();
    }
}
