namespace Vigie.Configuration;

/// <summary>File name patterns as Go's filepath.Glob reads them: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a-z]</c>, backslash.</summary>
public static class GlobPattern
{
    /// <summary>Files a pattern may find.</summary>
    const int FilesMax = 10_000;

    public static bool HasWildcards(string path) => path.AsSpan().IndexOfAny("*?[") >= 0;

    /// <summary>Paths that match, sorted; a path without wildcards matches itself if it exists.</summary>
    public static IReadOnlyList<string> Find(IConfigFiles files, string pattern)
    {
        var found = new List<string>();
        bool absolute = pattern.StartsWith('/');
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Walk(files, absolute ? "/" : "", parts, 0, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    static void Walk(IConfigFiles files, string folder, string[] parts, int at, List<string> found)
    {
        if (found.Count >= FilesMax || at == parts.Length) return;
        bool isLast = at == parts.Length - 1;
        if (!HasWildcards(parts[at]))
        {
            string path = Append(folder, parts[at]);
            if (!isLast) Walk(files, path, parts, at + 1, found);
            else if (files.List(folder.Length == 0 ? "." : folder).Contains(parts[at])) found.Add(path);
            return;
        }
        foreach (string name in files.List(folder.Length == 0 ? "." : folder))
        {
            if (!IsMatch(parts[at], name)) continue;
            string path = Append(folder, name);
            if (isLast) found.Add(path);
            else Walk(files, path, parts, at + 1, found);
        }
    }

    static string Append(string folder, string name) => folder.Length == 0 || folder.EndsWith('/') ? folder + name : $"{folder}/{name}";

    /// <summary>Whether a single name (no slashes) matches.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int star = -1, starName = 0, p = 0, n = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                starName = n;
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, name[n])) n++;
            else if (star >= 0)
            {
                p = star + 1;
                n = ++starName;
            }
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>Matches one character and, if it matches, moves behind what matched it.</summary>
    static bool MatchesOne(ReadOnlySpan<char> pattern, ref int at, char c)
    {
        switch (pattern[at])
        {
            case '?':
                at++;
                return true;
            case '\\' when at + 1 < pattern.Length:
                if (pattern[at + 1] != c) return false;
                at += 2;
                return true;
            case '[':
                int i = at + 1;
                bool negated = i < pattern.Length && pattern[i] == '^', isIn = false;
                if (negated) i++;
                while (i < pattern.Length && pattern[i] != ']')
                {
                    if (pattern[i] == '\\' && i + 1 < pattern.Length) i++;
                    char first = pattern[i++], last = first;
                    if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
                    {
                        last = pattern[i + 1];
                        i += 2;
                    }
                    isIn |= first <= c && c <= last;
                }
                if (i >= pattern.Length || isIn == negated) return false;
                at = i + 1;
                return true;
            default:
                if (pattern[at] != c) return false;
                at++;
                return true;
        }
    }
}
