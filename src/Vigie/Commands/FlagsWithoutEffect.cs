using System.CommandLine;

namespace Vigie.Commands;

/// <summary>
/// Prometheus' flags that need nothing here: a command line that names them starts as it is, and the log says why they change nothing. Flags whose
/// absence would be felt are not among them: they are refused.
/// </summary>
static class FlagsWithoutEffect
{
    const string NoConsoles = "there are no console templates here; the web UI has dashboards";
    const string OneLogFormat = "the log is always packed, and its segments are sized by themselves";
    const string NoGoRuntime = "it sets Go's runtime";

    static readonly Flag[] All =
    [
        new("web.console.templates", "consoles", NoConsoles),
        new("web.console.libraries", "console_libraries", NoConsoles),
        new("web.page-title", "Prometheus Time Series Collection and Processing Server", "the web UI names itself"),
        new("web.user-assets", "", "the web UI brings its own"),
        new("web.max-notifications-subscribers", "16", "there are no live notifications"),
        new("storage.tsdb.wal-compression", "true", OneLogFormat, IsSwitch: true),
        new("storage.tsdb.wal-compression-type", "snappy", OneLogFormat),
        new("storage.tsdb.wal-segment-size", "0B", OneLogFormat),
        new("storage.tsdb.head-chunks-write-queue-size", "0", "chunks of the head are not mapped from disk"),
        new("storage.tsdb.samples-per-chunk", "120", "chunks are sized by themselves"),
        new("storage.tsdb.allow-overlapping-blocks", "true", "overlapping blocks are always allowed"),
        new("storage.tsdb.allow-overlapping-compaction", "true", "overlapping blocks are always merged", IsSwitch: true),
        new("storage.tsdb.no-lockfile", "false", "the store is always locked, so that no second server spoils it", IsSwitch: true),
        new("storage.tsdb.max-block-chunk-segment-size", "0B", "a block is one file"),
        new("storage.tsdb.delayed-compaction.max-percent", "10", "compaction is not delayed"),
        new("scrape.discovery-reload-interval", "5s", "targets are scraped as soon as they are discovered"),
        new("rules.max-concurrent-evals", "4", "groups are evaluated beside each other, the rules of a group in order"),
        new("alertmanager.notification-batch-size", "256", "alerts are batched by themselves"),
        new("alertmanager.notification-queue-capacity", "10000", "alerts wait by alert, the newest state of each"),
        new("alertmanager.drain-notification-queue-on-shutdown", "true", "what waits is on disk or is sent again by the rules"),
        new("auto-gomaxprocs", "true", NoGoRuntime, IsSwitch: true),
        new("auto-gomemlimit", "true", NoGoRuntime, IsSwitch: true),
        new("auto-gomemlimit.ratio", "0.9", NoGoRuntime),
    ];

    public static void AddTo(Command command)
    {
        foreach (var flag in All)
            foreach (var option in flag.Options) command.Options.Add(option);
    }

    /// <summary>What is to be said of those that were given.</summary>
    public static IReadOnlyList<string> NoticesOf(ParseResult parsed) =>
        [.. All.SelectMany(flag => flag.Options.Where(option => IsGiven(parsed, option)).Select(option => $"{option.Name} changes nothing: {flag.Why}"))];

    /// <summary>Each with its value or upstream's default, for clients that look at the flags.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ValuesOf(ParseResult parsed) =>
        All.Select(flag => KeyValuePair.Create(flag.Name, flag.ValueOf(parsed)));

    static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>One flag; a switch also has a form --no-NAME.</summary>
    sealed record Flag(string Name, string Default, string Why, bool IsSwitch = false)
    {
        readonly Option<string[]> _option = Hidden("--" + Name), _no = Hidden("--no-" + Name);

        public IEnumerable<Option> Options => IsSwitch ? [_option, _no] : [_option];

        public string ValueOf(ParseResult parsed)
        {
            if (IsSwitch && IsGiven(parsed, _no)) return "false";
            if (!IsGiven(parsed, _option)) return Default;
            return parsed.GetValue(_option) is { Length: > 0 } values ? values[^1] : "true";
        }

        static Option<string[]> Hidden(string name) =>
            new(name) { Hidden = true, Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = false };
    }
}
