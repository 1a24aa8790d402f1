using System.Collections.Concurrent;

namespace Vigie.Model;

/// <summary>Regular expressions of templates (<c>match</c>, <c>reReplaceAll</c>), compiled once.</summary>
static class TemplateRegexes
{
    /// <summary>Expressions made at run time must not fill memory: beyond this many the cache starts again.</summary>
    const int CacheMax = 1000;

    static readonly ConcurrentDictionary<string, GoRegex> s_cache = new(StringComparer.Ordinal);

    public static bool IsMatch(string pattern, string text)
    {
        try
        {
            return Of(pattern).IsMatch(text);
        }
        catch (FormatException problem)
        {
            throw new TemplateFunctionException(problem.Message, problem);
        }
    }

    public static string ReplaceAll(string pattern, string replacement, string text)
    {
        try
        {
            return Of(pattern).ReplaceAll(text, replacement);
        }
        catch (FormatException problem)
        {
            // As Go's MustCompile words it.
            throw new TemplateFunctionException($"regexp: Compile(`{pattern}`): {problem.Message}", problem);
        }
    }

    static GoRegex Of(string pattern)
    {
        if (s_cache.TryGetValue(pattern, out var known)) return known;
        var regex = GoRegex.Parse(pattern);
        if (s_cache.Count >= CacheMax) s_cache.Clear();
        return s_cache[pattern] = regex;
    }
}
