using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>A set of Unicode code points as sorted, disjoint, inclusive ranges. Built once while an expression is parsed.</summary>
sealed class RuneSet
{
    public const int RuneMax = 0x10FFFF;

    List<(int First, int Last)> _ranges = [];

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    public static RuneSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var set = new RuneSet();
        foreach (var (first, last) in ranges) set.Add(first, last);
        return set;
    }

    public static RuneSet Any { get; } = Of((0, RuneMax));
    public static RuneSet AnyButNewline { get; } = Of((0, '\n' - 1), ('\n' + 1, RuneMax));

    public bool IsAny => _ranges is [(0, RuneMax)];

    public RuneSet Add(int first, int last)
    {
        int at = 0;
        while (at < _ranges.Count && _ranges[at].Last + 1 < first) at++;
        int end = at;
        while (end < _ranges.Count && _ranges[end].First <= last + 1)
        {
            first = Math.Min(first, _ranges[end].First);
            last = Math.Max(last, _ranges[end].Last);
            end++;
        }
        _ranges.RemoveRange(at, end - at);
        _ranges.Insert(at, (first, last));
        return this;
    }

    public RuneSet Add(RuneSet other)
    {
        foreach (var (first, last) in other._ranges) Add(first, last);
        return this;
    }

    public RuneSet Negate()
    {
        var gaps = new List<(int, int)>(_ranges.Count + 1);
        int next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) gaps.Add((next, first - 1));
            next = last + 1;
        }
        if (next <= RuneMax) gaps.Add((next, RuneMax));
        return new RuneSet { _ranges = gaps };
    }

    /// <summary>The set with every case variant of its members.</summary>
    public RuneSet Fold()
    {
        var folded = new RuneSet { _ranges = [.. _ranges] };
        foreach (var (first, last) in _ranges)
            foreach (int variant in CaseFolding.VariantsIn(first, last)) folded.Add(variant, variant);
        return folded;
    }

    /// <summary>Writes a .NET expression for one member: UTF-16, so members above U+FFFF are surrogate pairs.</summary>
    public void AppendTo(StringBuilder output)
    {
        var units = new StringBuilder();
        var pairs = new List<string>();
        foreach (var (first, last) in _ranges)
        {
            AppendUnits(units, first, Math.Min(last, 0xD7FF));
            AppendUnits(units, Math.Max(first, 0xE000), Math.Min(last, 0xFFFF));
            AddPairs(pairs, Math.Max(first, 0x10000), last);
        }
        if (units.Length == 0 && pairs.Count == 0) output.Append("[^\\s\\S]");
        else if (pairs.Count == 0) output.Append('[').Append(units).Append(']');
        else if (units.Length == 0) output.Append("(?:").AppendJoin('|', pairs).Append(')');
        else output.Append("(?:[").Append(units).Append("]|").AppendJoin('|', pairs).Append(')');
    }

    static void AppendUnits(StringBuilder output, int first, int last)
    {
        if (first > last) return;
        AppendUnit(output, first);
        if (last == first) return;
        output.Append('-');
        AppendUnit(output, last);
    }

    static void AppendUnit(StringBuilder output, int unit) => output.Append(CultureInfo.InvariantCulture, $"\\u{unit:X4}");

    /// <summary>Splits at the borders of the high surrogate, so that each piece is a rectangle.</summary>
    static void AddPairs(List<string> pairs, int first, int last)
    {
        while (first <= last)
        {
            int high = (first - 0x10000) >> 10, lastHigh = (last - 0x10000) >> 10;
            int low = (first - 0x10000) & 0x3FF, lastLow = (last - 0x10000) & 0x3FF;
            int endHigh;
            if (high == lastHigh) endHigh = high;
            else if (low == 0) endHigh = lastLow == 0x3FF ? lastHigh : lastHigh - 1;
            else endHigh = high;
            int endLow = endHigh == lastHigh ? lastLow : 0x3FF;
            var piece = new StringBuilder("[");
            AppendUnits(piece, 0xD800 + high, 0xD800 + endHigh);
            piece.Append("][");
            AppendUnits(piece, 0xDC00 + low, 0xDC00 + endLow);
            pairs.Add(piece.Append(']').ToString());
            first = 0x10000 + (endHigh << 10) + endLow + 1;
        }
    }
}
