using Vigie.Model;
using Vigie.Storage;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics;

/// <summary>One matcher of one query, translated to a block's symbols: each label value is judged once, not once per series.</summary>
sealed class BlockCondition
{
    readonly int _first, _end;
    readonly bool _matchesAbsent;
    readonly HashSet<int> _pairs = [];

    /// <param name="first">The first of the label's pairs in the postings.</param>
    /// <param name="count">Pairs of the label.</param>
    BlockCondition(int first, int count, bool matchesAbsent)
    {
        (_first, _end) = (first, first + count);
        _matchesAbsent = matchesAbsent;
    }

    public bool MatchesNone { get; private init; }
    public bool MatchesAll { get; private set; }

    /// <summary>The label pairs that match, as indexes into the postings.</summary>
    public List<int> Pairs { get; } = [];

    /// <summary>Series that match; −1 if series without the label do too, so that posting lists cannot say which.</summary>
    public int Candidates { get; private set; }

    public static BlockCondition Of(LabelMatcher matcher, Block block, SymbolSection symbols, PostingsSection postings)
    {
        bool matchesAbsent = matcher.MatchesAbsent;
        if (!symbols.TryFind(matcher.Name, out uint name) || !postings.TryPairs(name, out int first, out int count))
            return new BlockCondition(0, 0, matchesAbsent) { MatchesAll = matchesAbsent, MatchesNone = !matchesAbsent };
        var condition = new BlockCondition(first, count, matchesAbsent);
        if (matcher.Type == MatchType.Equal && matcher.Value.Length > 0)
        {
            int pair = symbols.TryFind(matcher.Value, out uint value) ? postings.FindPair(first, count, value) : -1;
            if (pair >= 0) condition.AddPair(pair, postings);
        }
        else
        {
            for (int pair = first; pair < first + count; pair++)
            {
                if (matcher.Matches(block.TextOf(postings.ValueAt(pair)))) condition.AddPair(pair, postings);
            }
        }
        if (matchesAbsent) condition.Candidates = -1;
        if (condition.Pairs.Count == 0 && !matchesAbsent) return new BlockCondition(0, 0, false) { MatchesNone = true };
        condition.MatchesAll = matchesAbsent && condition.Pairs.Count == count;
        return condition;
    }

    /// <param name="entry">A series' entry: its labels come first.</param>
    public bool Matches(ReadOnlySpan<byte> entry)
    {
        var input = new ByteReader(entry);
        int pair = -1;
        for (int labels = input.ReadCount(); labels > 0; labels--)
        {
            pair += (int)input.ReadVarint() + 1;
            if (pair >= _first && pair < _end) return _pairs.Contains(pair);
        }
        return _matchesAbsent;
    }

    void AddPair(int pair, PostingsSection postings)
    {
        Pairs.Add(pair);
        _pairs.Add(pair);
        Candidates += postings.SeriesCountAt(pair);
    }
}
