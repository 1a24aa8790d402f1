using Microsoft.Extensions.Logging;

namespace Vigie.Instrumentation;

static partial class InstrumentationLog
{
    [LoggerMessage(1, LogLevel.Warning, "Metric {Metric} of meter {Meter} is not exported: it is a {Type} ({Recording}), " +
        "but a {KnownType} ({KnownRecording}) of the same name exists. Give it another name, or the same kind and buckets.")]
    public static partial void InstrumentRefused(
        this ILogger logger, string metric, string meter, MetricType type, Recording recording, MetricType knownType,
        Recording knownRecording);

    [LoggerMessage(2, LogLevel.Warning, "Metric {Metric} has reached {SeriesMax} label sets. Measurements of further ones " +
        "are added up in one series labelled vigie_overflow=\"true\" (a gauge's are dropped). Use a label with fewer values, or raise SeriesPerMetricMax.")]
    public static partial void SeriesOverflowed(this ILogger logger, string metric, int seriesMax);

    [LoggerMessage(3, LogLevel.Warning, "An observable instrument's callback failed; its series are missing from this page.")]
    public static partial void ObservationFailed(this ILogger logger, Exception exception);
}
