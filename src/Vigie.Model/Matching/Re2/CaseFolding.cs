using System.Text;

namespace Vigie.Model;

/// <summary>
/// Simple case folding by Unicode, as <c>(?i)</c> uses it in RE2: all code points with the same upper or lower case are one orbit, so that
/// <c>k</c> also matches U+212A (Kelvin) and <c>s</c> also U+017F (long s).
/// </summary>
static class CaseFolding
{
    static readonly Lazy<(Dictionary<int, int[]> Orbits, int[] Members)> Table = new(Build);

    /// <summary>The other members of the orbit of a code point; empty if it has no case.</summary>
    public static ReadOnlySpan<int> VariantsOf(int rune) => Table.Value.Orbits.TryGetValue(rune, out int[]? orbit) ? orbit : [];

    /// <summary>All case variants of the code points in an inclusive range.</summary>
    public static IEnumerable<int> VariantsIn(int first, int last)
    {
        var (orbits, members) = Table.Value;
        int at = Array.BinarySearch(members, first);
        for (at = at < 0 ? ~at : at; at < members.Length && members[at] <= last; at++)
            foreach (int variant in orbits[members[at]]) yield return variant;
    }

    static (Dictionary<int, int[]>, int[]) Build()
    {
        const int CasedMax = 0x1E943;       // the last code point with a case (Adlam)
        var groups = new Dictionary<int, SortedSet<int>>();
        for (int value = 'A'; value <= CasedMax; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            Join(groups, value, Rune.ToUpperInvariant(rune).Value);
            Join(groups, value, Rune.ToLowerInvariant(rune).Value);
        }
        Join(groups, 's', 0x17F);           // left out of .NET's invariant casing, as is the next
        Join(groups, 0xDF, 0x1E9E);
        var orbits = groups.ToDictionary(static g => g.Key, static g => g.Value.Where(v => v != g.Key).ToArray());
        return (orbits, [.. groups.Keys.Order()]);
    }

    static void Join(Dictionary<int, SortedSet<int>> groups, int left, int right)
    {
        if (left == right) return;
        if (!groups.TryGetValue(left, out var a)) groups[left] = a = [left];
        if (!groups.TryGetValue(right, out var b)) groups[right] = b = [right];
        if (ReferenceEquals(a, b)) return;
        a.UnionWith(b);
        foreach (int member in a) groups[member] = a;
    }
}
