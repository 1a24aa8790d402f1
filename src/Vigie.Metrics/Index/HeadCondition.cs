using System.Runtime.InteropServices;
using Vigie.Model;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics;

/// <summary>One matcher of one query, translated to the head's symbols: each label value is judged once, not once per series.</summary>
sealed unsafe class HeadCondition
{
    public enum Verdict { Some, MatchesAll, MatchesNone }

    readonly uint _name;
    readonly bool _matchesAbsent;
    readonly Dictionary<uint, PostingList> _postings;
    /// <summary>The symbols of the values that match; null: <see cref="_single"/> is the only one.</summary>
    readonly HashSet<uint>? _values;
    readonly uint _single;

    HeadCondition(uint name, bool matchesAbsent, Dictionary<uint, PostingList> postings, HashSet<uint>? values, uint single)
    {
        _name = name;
        _matchesAbsent = matchesAbsent;
        _postings = postings;
        _values = values;
        _single = single;
        if (matchesAbsent) Candidates = -1;
        else if (values is null) Candidates = postings[single].Count;
        else foreach (uint value in values) Candidates += postings[value].Count;
    }

    /// <summary>Series that match; −1 if series without the label do too, so that posting lists cannot say which.</summary>
    public int Candidates { get; }

    public static Verdict Of(
        LabelMatcher matcher, SymbolTable symbols, Dictionary<uint, Dictionary<uint, PostingList>> postings, out HeadCondition? condition)
    {
        condition = null;
        bool matchesAbsent = matcher.MatchesAbsent;
        if (!symbols.TryGet(matcher.Name, out uint name) || !postings.TryGetValue(name, out var values))
            return matchesAbsent ? Verdict.MatchesAll : Verdict.MatchesNone;
        if (matcher.Type == MatchType.Equal && matcher.Value.Length > 0)
        {
            if (!symbols.TryGet(matcher.Value, out uint value) || !values.ContainsKey(value)) return Verdict.MatchesNone;
            condition = new HeadCondition(name, matchesAbsent: false, values, null, value);
            return Verdict.Some;
        }
        var matching = new HashSet<uint>();
        foreach (uint value in values.Keys)
            if (matcher.Matches(symbols[value])) matching.Add(value);
        if (matching.Count == 0 && !matchesAbsent) return Verdict.MatchesNone;
        if (matching.Count == values.Count && matchesAbsent) return Verdict.MatchesAll;
        condition = new HeadCondition(name, matchesAbsent, values, matching, 0);
        return Verdict.Some;
    }

    public void AppendCandidates(List<int> slots)
    {
        if (_values is null)
        {
            Append(slots, _single);
            return;
        }
        int first = slots.Count;
        foreach (uint value in _values) Append(slots, value);
        if (_values.Count > 1) slots.Sort(first, slots.Count - first, null);
    }

    public bool Matches(ref SeriesState series)
    {
        for (int i = 0; i < series.LabelCount; i++)
        {
            if (series.LabelSymbols[2 * i] != _name) continue;
            uint value = series.LabelSymbols[(2 * i) + 1];
            return _values is null ? value == _single : _values.Contains(value);
        }
        return _matchesAbsent;
    }

    void Append(List<int> slots, uint value)
    {
        ref var postings = ref CollectionsMarshal.GetValueRefOrNullRef(_postings, value);
        int single = 0;
        slots.AddRange(postings.Slots(ref single));
    }
}
