using System.Collections.Concurrent;

namespace Vigie.Model;

/// <summary>Regular expressions of templates (<c>match</c>, <c>reReplaceAll</c>), compiled once.</summary>
static class TemplateRegexes
{
    /// <summary>Expressions made at run time must not fill memory: beyond this many the cache starts again.</summary>
    const int CacheMax = 1000;

    static readonly ConcurrentDictionary<string, GoRegex> s_cache = new(StringComparer.Ordinal);

    public static bool IsMatch(string pattern, string text) => Of(pattern).IsMatch(text);

    public static string ReplaceAll(string pattern, string replacement, string text) => Of(pattern).ReplaceAll(text, replacement);

    static GoRegex Of(string pattern)
    {
        if (s_cache.TryGetValue(pattern, out var known)) return known;
        GoRegex regex;
        try
        {
            regex = GoRegex.Parse(pattern);
        }
        catch (FormatException problem)
        {
            throw new TemplateFunctionException($"regexp: Compile(`{pattern}`): {problem.Message}", problem);
        }
        if (s_cache.Count >= CacheMax) s_cache.Clear();
        return s_cache[pattern] = regex;
    }
}
