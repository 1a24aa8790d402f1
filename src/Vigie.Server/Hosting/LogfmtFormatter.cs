using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Vigie.Model;

namespace Vigie.Server.Hosting;

/// <summary>
/// One line per event, <c>time=… level=… component=… msg="…" key=value</c>, as Prometheus 3 writes its log. The clock is the host's.
/// </summary>
sealed class LogfmtFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "logfmt";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter output)
    {
        output.Write("time=");
        output.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write(" level=");
        output.Write(LevelText(entry.LogLevel));
        output.Write(" component=");
        output.Write(Component(entry.Category));
        output.Write(" msg=");
        output.Write(GoText.Quote(entry.Formatter(entry.State, entry.Exception)));
        if (entry.Exception is { } problem)
        {
            output.Write(" err=");
            output.Write(GoText.Quote(entry.LogLevel >= LogLevel.Critical ? problem.ToString() : problem.Message));
        }
        output.Write('\n');
    }

    static string LevelText(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        _ => "ERROR",
    };

    /// <summary>The project of the logger: Vigie.Scrape.ScrapeService says scrape.</summary>
    static string Component(string category)
    {
        string[] parts = category.Split('.');
        return parts[0] == "Vigie" && parts.Length > 1 ? parts[1].ToLowerInvariant() : parts[^1].ToLowerInvariant();
    }
}
