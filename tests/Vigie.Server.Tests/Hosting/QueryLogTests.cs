using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.PromQL;
using Vigie.Rules;
using Vigie.Server.Hosting;
using Vigie.Server.Surfaces.Prometheus;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Server.Tests.Hosting;

public sealed class QueryLogTests : IDisposable
{
    readonly CrashableFileSystem _files = new(1);
    readonly QueryLog _log;

    public QueryLogTests() => _log = new QueryLog(_files, new ManualTimeProvider(), NullLogger.Instance, withSteps: true);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Write_HasTheMembersPrometheusWrites()
    {
        _log.Apply("logs/query.log");
        _log.Write(Query(0, new HttpQueryOrigin("up ==  1", "127.0.0.1", "GET", "/api/v1/query")));
        _log.Write(Query(15_000, new RuleQueryOrigin("rules.yml", "g")) with { Statistics = null, Error = "query timed out in expression evaluation" });
        Assert.Equal(
        [
            """{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"promql query"""
            + """ logged","params":{"end":"1970-01-01T00:01:00.000Z","query":"up ==  1","start":"1970-01-01T00:00:30.000Z","step":0}"""
            + ""","stats":{"timings":{"evalTotalTime":0.5,"resultSortTime":0,"queryPreparationTime":0.125,"innerEvalTime":0.375,"execQueueTime":0.25,"execTotalTime":0.75}"""
            + ""","samples":{"totalQueryableSamplesPerStep":[[30,3],[60,4]],"totalQueryableSamples":7,"peakSamples":2}}"""
            + ""","httpRequest":{"clientIP":"127.0.0.1","method":"GET","path":"/api/v1/query"}}""",
            """{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"promql query"""
            + """ logged","params":{"end":"1970-01-01T00:01:00.000Z","query":"up == 1","start":"1970-01-01T00:00:30.000Z","step":15}"""
            + ""","error":"query timed out in expression evaluation","ruleGroup":{"file":"rules.yml","name":"g"}}""",
        ], Lines("logs/query.log"));
    }

    [Fact]
    public void Apply_OpensTheFileAnewAndAppends()
    {
        _log.Apply("query.log");
        _log.Write(Query(0, null));
        _files.Rename("query.log", "query.log.1");
        _log.Apply("query.log");
        _log.Write(Query(0, null));
        _log.Apply("query.log");
        _log.Write(Query(0, null));
        _log.Apply("");
        _log.Write(Query(0, null));
        Assert.Equal((1, 2), (Lines("query.log.1").Length, Lines("query.log").Length));
    }

    static FinishedQuery Query(long stepMs, object? origin) => new(PromQLParser.Parse("up ==  1"), 30_000, 60_000, stepMs,
        new QueryStatistics(2, 7, TimeSpan.FromSeconds(0.5))
        {
            Preparation = TimeSpan.FromSeconds(0.125), Waited = TimeSpan.FromSeconds(0.25), SamplesPerStep = [3, 4], StartMs = 30_000, StepMs = 30_000,
        }, null, origin);

    string[] Lines(string path) => Encoding.UTF8.GetString(_files.ReadAll(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
