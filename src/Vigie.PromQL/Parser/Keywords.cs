using System.Collections.Frozen;

namespace Vigie.PromQL;

/// <summary>The words of the language, in any case of letters.</summary>
static class Keywords
{
    static readonly FrozenDictionary<string, TokenKind> s_all = new Dictionary<string, TokenKind>
    {
        ["and"] = TokenKind.And, ["or"] = TokenKind.Or, ["unless"] = TokenKind.Unless, ["atan2"] = TokenKind.Atan2,
        ["sum"] = TokenKind.Sum, ["avg"] = TokenKind.Avg, ["count"] = TokenKind.Count, ["min"] = TokenKind.Min,
        ["max"] = TokenKind.Max, ["group"] = TokenKind.Group, ["stddev"] = TokenKind.StdDev, ["stdvar"] = TokenKind.StdVar,
        ["topk"] = TokenKind.TopK, ["bottomk"] = TokenKind.BottomK, ["count_values"] = TokenKind.CountValues,
        ["quantile"] = TokenKind.Quantile, ["limitk"] = TokenKind.LimitK, ["limit_ratio"] = TokenKind.LimitRatio,
        ["offset"] = TokenKind.Offset, ["smoothed"] = TokenKind.Smoothed, ["anchored"] = TokenKind.Anchored,
        ["by"] = TokenKind.By, ["without"] = TokenKind.Without, ["on"] = TokenKind.On, ["ignoring"] = TokenKind.Ignoring,
        ["group_left"] = TokenKind.GroupLeft, ["group_right"] = TokenKind.GroupRight, ["bool"] = TokenKind.Bool,
        ["fill"] = TokenKind.Fill, ["fill_left"] = TokenKind.FillLeft, ["fill_right"] = TokenKind.FillRight,
        ["start"] = TokenKind.Start, ["end"] = TokenKind.End, ["step"] = TokenKind.Step, ["range"] = TokenKind.Range,
        ["min_of"] = TokenKind.MinOf, ["max_of"] = TokenKind.MaxOf,
        ["inf"] = TokenKind.Number, ["nan"] = TokenKind.Number,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    static readonly FrozenDictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_all.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool TryFind(ReadOnlySpan<char> word, out TokenKind kind) => s_lookup.TryGetValue(word, out kind);
}
