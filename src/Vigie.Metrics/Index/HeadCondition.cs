using Vigie.Model;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics;

/// <summary>One matcher of one query, translated to the head's symbols: each label value is judged once, not once per series.</summary>
sealed unsafe class HeadCondition
{
    public enum Verdict { Some, MatchesAll, MatchesNone }

    readonly uint _name;
    readonly bool _matchesAbsent;
    readonly PairTable _pairs;
    /// <summary>The pairs that match; null: <see cref="_single"/> is the only one.</summary>
    readonly HashSet<uint>? _matching;
    readonly uint _single;

    HeadCondition(uint name, bool matchesAbsent, PairTable pairs, HashSet<uint>? matching, uint single)
    {
        _name = name;
        _matchesAbsent = matchesAbsent;
        _pairs = pairs;
        _matching = matching;
        _single = single;
        if (matchesAbsent) Candidates = -1;
        else if (matching is null) Candidates = pairs[single].Series.Count;
        else foreach (uint pair in matching) Candidates += pairs[pair].Series.Count;
    }

    /// <summary>Series that match; −1 if series without the label do too, so that posting lists cannot say which.</summary>
    public int Candidates { get; }

    public static Verdict Of(LabelMatcher matcher, SymbolTable symbols, PairTable pairs, out HeadCondition? condition)
    {
        condition = null;
        bool matchesAbsent = matcher.MatchesAbsent;
        if (!symbols.TryGet(matcher.Name, out uint name) || pairs.Of(name) is not { } values)
            return matchesAbsent ? Verdict.MatchesAll : Verdict.MatchesNone;
        if (matcher.Type == MatchType.Equal && matcher.Value.Length > 0)
        {
            if (!symbols.TryGet(matcher.Value, out uint value) || !values.TryGetValue(value, out uint pair)) return Verdict.MatchesNone;
            condition = new HeadCondition(name, matchesAbsent: false, pairs, null, pair);
            return Verdict.Some;
        }
        var matching = new HashSet<uint>();
        foreach (var (value, pair) in values)
            if (matcher.Matches(symbols[value])) matching.Add(pair);
        if (matching.Count == 0 && !matchesAbsent) return Verdict.MatchesNone;
        if (matching.Count == values.Count && matchesAbsent) return Verdict.MatchesAll;
        condition = new HeadCondition(name, matchesAbsent, pairs, matching, 0);
        return Verdict.Some;
    }

    public void AppendCandidates(List<int> slots)
    {
        if (_matching is null)
        {
            _pairs[_single].Series.AppendTo(slots);
            return;
        }
        int first = slots.Count;
        foreach (uint pair in _matching) _pairs[pair].Series.AppendTo(slots);
        if (_matching.Count > 1) slots.Sort(first, slots.Count - first, null);
    }

    public bool Matches(ref SeriesState series)
    {
        var own = new ReadOnlySpan<uint>(series.Pairs, series.LabelCount);
        if (_matching is null) return own.Contains(_single);
        foreach (uint pair in own)
            if (_pairs[pair].Name == _name) return _matching.Contains(pair);
        return _matchesAbsent;
    }
}
