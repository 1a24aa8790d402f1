using System.Text;

namespace Vigie.Alerting;

/// <summary>Cuts texts to what services take; a cut text ends in an ellipsis.</summary>
static class Truncation
{
    /// <param name="runesMax">Greatest length in Unicode characters.</param>
    public static string ToRunes(string text, int runesMax)
    {
        if (text.Length <= runesMax || text.EnumerateRunes().Count() <= runesMax) return text;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(runesMax - 1)) kept.Append(rune.ToString());
        return kept.Append('…').ToString();
    }
}
