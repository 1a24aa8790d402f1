using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Vigie.PromQL;
using Vigie.Rules;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Prometheus;
using Vigie.Storage;

namespace Vigie.Server.Hosting;

/// <summary>
/// The query log (<c>global.query_log_file</c>): a JSON line per query that has ended, with the members Prometheus 3 writes. A reload opens the file
/// anew, also if its name is the same (after a rotation). What cannot be written is counted, and the first failure is logged.
/// </summary>
sealed class QueryLog : IDisposable
{
    readonly IFileSystem _files;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly bool _withSteps;
    readonly Meter _meter = new("Vigie.QueryLog");
    readonly Counter<long> _failures;
    readonly Lock _lock = new();
    readonly ArrayBufferWriter<byte> _line = new(1024);     // guarded by the lock, as is what follows
    IAppendFile? _file;
    string _path = "";
    bool _failing;

    /// <param name="withSteps">Lines have samples by step, where they were counted.</param>
    public QueryLog(IFileSystem files, TimeProvider clock, ILogger logger, bool withSteps)
    {
        (_files, _clock, _logger, _withSteps) = (files, clock, logger, withSteps);
        _failures = _meter.CreateCounter<long>("prometheus_engine_query_log_failures_total", null, "The number of query log failures.");
        _failures.Add(0);
        _meter.CreateObservableGauge("prometheus_engine_query_log_enabled", () => Volatile.Read(ref _file) is null ? 0 : 1, null,
            "State of the query log.");
    }

    /// <summary>Goes on with a file; none if the path is empty. A file that cannot be opened is logged, and queries are answered all the same.</summary>
    public void Apply(string path)
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
            (_path, _failing) = (path, false);
            if (path.Length == 0) return;
            try
            {
                if (Path.GetDirectoryName(path) is { Length: > 0 } folder) _files.CreateDirectory(folder);
                _file = _files.OpenAppend(path);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Fail(problem);
            }
        }
    }

    /// <summary>Writes a line, if there is a file.</summary>
    public void Write(FinishedQuery query)
    {
        if (Volatile.Read(ref _file) is null) return;
        lock (_lock)
        {
            if (_file is null) return;
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, JsonApi.WriterOptions)) WriteLine(json, query);
            _line.Write("\n"u8);
            try
            {
                _file.Append(_line.WrittenSpan);
                _failing = false;
            }
            catch (IOException problem)
            {
                Fail(problem);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
        _meter.Dispose();
    }

    void Fail(Exception problem)
    {
        _failures.Add(1);
        if (!_failing) HostingLog.QueryLogFailed(_logger, problem, _path);
        _failing = true;
    }

    void WriteLine(Utf8JsonWriter json, FinishedQuery query)
    {
        var http = query.Origin as HttpQueryOrigin;
        json.WriteStartObject();
        json.WriteString("time"u8, JsonApi.FormatTime(_clock.GetUtcNow()));
        json.WriteString("level"u8, "INFO"u8);
        json.WriteString("msg"u8, "promql query logged"u8);
        json.WriteStartObject("params"u8);
        json.WriteString("end"u8, TimeText(query.EndMs));
        json.WriteString("query"u8, http?.Query ?? query.Expression.ToString());
        json.WriteString("start"u8, TimeText(query.StartMs));
        json.WritePropertyName("step"u8);
        json.WriteRawValue((query.StepMs / 1000.0).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        if (query.Error is not null) json.WriteString("error"u8, query.Error);
        if (query.Statistics is { } statistics) QueryJson.WriteStatistics(json, statistics, _withSteps);
        if (http is not null)
        {
            json.WriteStartObject("httpRequest"u8);
            json.WriteString("clientIP"u8, http.ClientIp);
            json.WriteString("method"u8, http.Method);
            json.WriteString("path"u8, http.Path);
            json.WriteEndObject();
        }
        if (query.Origin is RuleQueryOrigin rule)
        {
            json.WriteStartObject("ruleGroup"u8);
            json.WriteString("file"u8, rule.File);
            json.WriteString("name"u8, rule.Group);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static string TimeText(long timeMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(timeMs, -62_135_596_800_000, 253_402_300_799_999)).UtcDateTime
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
