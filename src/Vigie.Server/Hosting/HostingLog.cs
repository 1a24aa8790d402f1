namespace Vigie.Server.Hosting;

static partial class HostingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Vigie {version} starts, configuration {file}, storage {path}")]
    public static partial void Starting(ILogger logger, string version, string file, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "{surface} listens on {address}")]
    public static partial void Listening(ILogger logger, string surface, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Server is ready to receive web requests, {milliseconds} ms after start")]
    public static partial void Ready(ILogger logger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{problem}")]
    public static partial void ConfigurationWarning(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{notice}")]
    public static partial void Notice(ILogger logger, string notice);

    [LoggerMessage(Level = LogLevel.Information, Message = "Completed loading of configuration file in {milliseconds} ms")]
    public static partial void Reloaded(ILogger logger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "BUG: {part} could not take the new configuration; the parts before it have")]
    public static partial void ReloadFailed(ILogger logger, Exception problem, string part);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reload refused, the old configuration stays in use: {problems}")]
    public static partial void ReloadRefused(ILogger logger, string problems);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{part} did not stop in order")]
    public static partial void StopFailed(ILogger logger, Exception problem, string part);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped, see you next time")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OTLP metrics: {problem} ({rejected} data points rejected; said at most twice a minute)")]
    public static partial void OtlpProblem(ILogger logger, string problem, int rejected);

    [LoggerMessage(Level = LogLevel.Critical, Message = "BUG: {method} {path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception problem, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "the query log {path} cannot be written; queries are answered all the same")]
    public static partial void QueryLogFailed(ILogger logger, Exception problem, string path);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{surface}: {connections} connections are open, no more are served (--web.max-connections); new ones wait until one ends")]
    public static partial void ConnectionsAtBound(ILogger logger, string surface, int connections);

    [LoggerMessage(Level = LogLevel.Information, Message = "{path} has changed and is in use")]
    public static partial void WebConfigTaken(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{path} has changed and cannot be used, nobody is let in until it can: {problems}")]
    public static partial void WebConfigRefused(ILogger logger, string path, string problems);

    [LoggerMessage(Level = LogLevel.Error, Message = "TLS handshakes fail: {problem} (said at most once a minute)")]
    public static partial void TlsFailed(ILogger logger, string problem);
}
