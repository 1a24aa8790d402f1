using System.CommandLine;

namespace Vigie.Commands;

/// <summary>`vigie tsdb …`: work on stores, with promtool's words where it has them.</summary>
static class TsdbCommand
{
    public static Command Create() => new("tsdb", "Run tsdb commands.")
    {
        TsdbImportPrometheusCommand.Create(),
        TsdbExportPrometheusCommand.Create(),
        TsdbAnalyzeCommand.Create(),
        TsdbCreateBlocksCommand.Create(),
        TsdbDumpCommand.Create(),
        TsdbDumpOpenMetricsCommand.Create(),
        TsdbListCommand.Create(),
        TsdbVerifyCommand.Create(),
    };
}
