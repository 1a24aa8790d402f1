namespace Vigie.PromQL.Testing;

/// <summary>Compares the warnings and infos of a result with what a script says about them.</summary>
static class AnnotationCheck
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Compare(EvalCommand eval, Annotations found) =>
        Compare("warning", eval.Expectation.Warnings, found.Warnings(eval.Expression))
        ?? Compare("info", eval.Expectation.Infos, found.Infos(eval.Expression));

    static string? Compare(string kind, AnnotationExpectation expected, IReadOnlyList<string> found)
    {
        if (expected.None && found.Count > 0) return $"unexpected {kind}: {string.Join("; ", found)}";
        if (expected.Some && found.Count == 0) return $"no {kind}, expected one";
        if (expected.Texts.Length == 0) return null;
        foreach (var text in expected.Texts)
            if (!found.Any(text.Accepts)) return $"{kind} is {string.Join("; ", found)}, expected {text}";
        foreach (string text in found)
            if (!expected.Texts.Any(t => t.Accepts(text))) return $"unexpected {kind}: {text}";
        return null;
    }
}
