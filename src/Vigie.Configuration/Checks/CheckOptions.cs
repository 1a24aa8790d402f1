namespace Vigie.Configuration.Checks;

/// <summary>How files are checked; the names are promtool's.</summary>
public sealed record CheckOptions
{
    /// <summary>Report rules that write the same series.</summary>
    public bool LintDuplicateRules { get; init; } = true;

    /// <summary>Report jobs whose scrape interval is longer than the look-back of queries.</summary>
    public bool LintLongScrapeIntervals { get; init; }

    /// <summary>Lint findings make the exit code 3.</summary>
    public bool LintFatal { get; init; }

    /// <summary>Look at the text only, not at the files it names.</summary>
    public bool SyntaxOnly { get; init; }

    public bool IsAgent { get; init; }

    /// <summary>Look-back of queries; longer scrape intervals leave gaps.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the value of <c>--lint</c>: all, none, or names separated by commas.</summary>
    /// <returns>False if a name is unknown.</returns>
    public static bool TryReadLint(string text, CheckOptions options, out CheckOptions result)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        bool all = names.Contains("all");
        result = options with
        {
            LintDuplicateRules = all || names.Contains("duplicate-rules"),
            LintLongScrapeIntervals = all || names.Contains("too-long-scrape-interval"),
        };
        return names.All(static name => name is "all" or "none" or "duplicate-rules" or "too-long-scrape-interval");
    }
}
