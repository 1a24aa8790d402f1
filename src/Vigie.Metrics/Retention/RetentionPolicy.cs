using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Which series of a block are past their retention. Like Prometheus', retention works on whole blocks: the samples of a series expire
/// together, when the block's newest sample is older than what is kept of the series.
/// </summary>
sealed class RetentionPolicy(IReadOnlyList<RetentionRule> rules, TimeSpan? otherwise)
{
    /// <summary>Blocks and rules that have been looked at: nothing is left of the rule's series. Entry −1 is the retention of all others.</summary>
    readonly HashSet<(ulong Block, int Rule)> _done = [];

    /// <summary>Samples of this age or younger are there whatever the rules say; null if nothing is ever dropped by age.</summary>
    public TimeSpan? ShortestKeep
    {
        get
        {
            var shortest = otherwise;
            foreach (var rule in rules)
                if (shortest is null || rule.Keep < shortest) shortest = rule.Keep;
            return shortest;
        }
    }

    /// <summary>True if every sample of the block is past retention, whosesoever it is.</summary>
    public bool IsWhollyExpired(Block block, long nowMs) =>
        IsExpired(block, otherwise, nowMs) && rules.All(rule => IsExpired(block, rule.Keep, nowMs));

    /// <summary>Ordinals of the block's series that are past their retention, ascending; empty if there are none or they are gone already.</summary>
    public List<int> ExpiredSeries(Block block, long nowMs, CancellationToken cancellation)
    {
        var expired = new List<int>();
        var claimed = new HashSet<int>();
        if (!IsAnythingDue(block, nowMs)) return expired;
        for (int rule = 0; rule < rules.Count; rule++)
        {
            var matching = new List<int>();
            block.Select([.. rules[rule].Matchers], matching, cancellation);
            matching.RemoveAll(ordinal => !claimed.Add(ordinal));
            if (!IsExpired(block, rules[rule].Keep, nowMs)) continue;
            expired.AddRange(matching);
            _done.Add((block.Number, rule));
        }
        if (IsExpired(block, otherwise, nowMs))
        {
            for (int ordinal = 0; ordinal < block.SeriesCount; ordinal++)
                if (!claimed.Contains(ordinal)) expired.Add(ordinal);
            _done.Add((block.Number, Others));
        }
        expired.Sort();
        return expired;
    }

    /// <summary>Forgets what is known of blocks that are gone.</summary>
    public void Forget(ulong block) => _done.RemoveWhere(entry => entry.Block == block);

    const int Others = -1;

    bool IsAnythingDue(Block block, long nowMs)
    {
        if (IsExpired(block, otherwise, nowMs) && !_done.Contains((block.Number, Others))) return true;
        for (int rule = 0; rule < rules.Count; rule++)
            if (IsExpired(block, rules[rule].Keep, nowMs) && !_done.Contains((block.Number, rule))) return true;
        return false;
    }

    static bool IsExpired(Block block, TimeSpan? keep, long nowMs) =>
        keep is { } age && block.MaxTimeMs < nowMs - (long)age.TotalMilliseconds;
}
