using System.CommandLine;

namespace Vigie.Commands;

/// <summary>
/// Prometheus' flags that need nothing here: a command line that names them starts as it is, and the log says why they change nothing. Flags whose
/// absence would be felt (such as --web.config.file, which protects a port) are not among them: they are refused.
/// </summary>
static class FlagsWithoutEffect
{
    const string NoConsoles = "there are no console templates here; the web UI has dashboards";
    const string OneLogFormat = "the log is always packed, and its segments are sized by themselves";
    const string NoGoRuntime = "it sets Go's runtime";

    static readonly (Option<string[]> Option, string Why)[] All =
    [
        Of("--web.console.templates", NoConsoles),
        Of("--web.console.libraries", NoConsoles),
        Of("--web.page-title", "the web UI names itself"),
        Of("--web.user-assets", "the web UI brings its own"),
        Of("--storage.tsdb.wal-compression", OneLogFormat),
        Of("--no-storage.tsdb.wal-compression", OneLogFormat),
        Of("--storage.tsdb.wal-compression-type", OneLogFormat),
        Of("--storage.tsdb.wal-segment-size", OneLogFormat),
        Of("--storage.tsdb.head-chunks-write-queue-size", "chunks of the head are not mapped from disk"),
        Of("--storage.tsdb.samples-per-chunk", "chunks are sized by themselves"),
        Of("--storage.tsdb.allow-overlapping-blocks", "overlapping blocks are always allowed"),
        Of("--alertmanager.notification-queue-capacity", "alerts wait by alert, the newest state of each"),
        Of("--alertmanager.drain-notification-queue-on-shutdown", "what waits is on disk or is sent again by the rules"),
        Of("--auto-gomaxprocs", NoGoRuntime),
        Of("--no-auto-gomaxprocs", NoGoRuntime),
        Of("--auto-gomemlimit", NoGoRuntime),
        Of("--no-auto-gomemlimit", NoGoRuntime),
        Of("--auto-gomemlimit.ratio", NoGoRuntime),
    ];

    public static void AddTo(Command command)
    {
        foreach (var (option, _) in All) command.Options.Add(option);
    }

    /// <summary>What is to be said of those that were given.</summary>
    public static IReadOnlyList<string> NoticesOf(ParseResult parsed) =>
        [.. All.Where(flag => parsed.GetResult(flag.Option) is { Implicit: false }).Select(static flag => $"{flag.Option.Name} changes nothing: {flag.Why}")];

    static (Option<string[]>, string) Of(string name, string why) => (new Option<string[]>(name)
    {
        Hidden = true, Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = false,
    }, why);
}
