using Vigie.Protocols.Otlp;

namespace Vigie.Protocols.Tests.Otlp;

public class OtlpNamesTests
{
    const string Escape = "UnderscoreEscapingWithSuffixes", EscapeOnly = "UnderscoreEscapingWithoutSuffixes",
        Suffixes = "NoUTF8EscapingWithSuffixes", Nothing = "NoTranslation";

    [Theory]
    [InlineData(Escape, "http.server.request.duration", "s", OtlpKind.Histogram, "http_server_request_duration_seconds")]
    [InlineData(Escape, "system.filesystem.usage", "By", OtlpKind.Sum, "system_filesystem_usage_bytes")]
    [InlineData(Escape, "system.network.io", "By", OtlpKind.MonotonicSum, "system_network_io_bytes_total")]
    [InlineData(Escape, "total.things.total", "1", OtlpKind.MonotonicSum, "things_total")]
    [InlineData(Escape, "cpu.utilization", "1", OtlpKind.Gauge, "cpu_utilization_ratio")]
    [InlineData(Escape, "ratio.of.x", "1", OtlpKind.Gauge, "of_x_ratio")]
    [InlineData(Escape, "speed", "km/h", OtlpKind.Gauge, "speed_km_per_hour")]
    [InlineData(Escape, "speed.per_hour", "km/h", OtlpKind.Gauge, "speed_per_hour_km_per_hour")]
    [InlineData(Escape, "rate", "{req}/s", OtlpKind.Gauge, "rate_per_second")]
    [InlineData(Escape, "odd", "a_/b_", OtlpKind.Gauge, "odd_a_per_b")]
    [InlineData(Escape, "odd", "x/", OtlpKind.Gauge, "odd_x")]
    [InlineData(Escape, "odd", "x/é", OtlpKind.Gauge, "odd_x")]
    [InlineData(Escape, "a__b", "", OtlpKind.Gauge, "a_b")]
    [InlineData(Escape, "2xx", "", OtlpKind.Gauge, "_2xx")]
    [InlineData(EscapeOnly, "a__b.c", "s", OtlpKind.MonotonicSum, "a__b_c")]
    [InlineData(EscapeOnly, ".a..b.", "", OtlpKind.Gauge, "a_b")]
    [InlineData(EscapeOnly, "2xx", "", OtlpKind.Gauge, "_2xx")]
    [InlineData(Suffixes, "http.duration", "s", OtlpKind.Histogram, "http.duration_seconds")]
    [InlineData(Suffixes, "http.seconds", "s", OtlpKind.Gauge, "http.seconds")]
    [InlineData(Suffixes, "io.total", "By/s", OtlpKind.MonotonicSum, "io_bytes_per_second_total")]
    [InlineData(Suffixes, "ü", "1", OtlpKind.Gauge, "ü_ratio")]
    [InlineData(Nothing, "io.total", "By", OtlpKind.MonotonicSum, "io.total")]
    public void MetricName_FollowsTheStrategy(string strategy, string name, string unit, object kind, string expected) =>
        Assert.Equal(expected, Names(strategy).MetricName(name, unit, (OtlpKind)kind));

    [Theory]
    [InlineData(Escape, "é", "normalization for metric \"é\" resulted in empty name")]
    [InlineData(EscapeOnly, "_._", "normalization for metric \"_._\" resulted in invalid name \"___\"")]
    [InlineData(Nothing, "", "normalization for metric \"\" resulted in empty name")]
    public void MetricName_NothingLeft_IsRefused(string strategy, string name, string expected) =>
        Assert.Equal(expected, Assert.Throws<OtlpRefusal>(() => Names(strategy).MetricName(name, "", OtlpKind.Gauge)).Message);

    [Theory]
    [InlineData("http.method", true, true, "http_method")]
    [InlineData("9d", true, true, "key_9d")]
    [InlineData("_x", true, true, "key_x")]
    [InlineData("_x", false, true, "_x")]
    [InlineData("__x", true, true, "__x")]
    [InlineData("é", true, true, "key_")]
    [InlineData("a..b", true, true, "a__b")]
    [InlineData("a..b", true, false, "a_b")]
    [InlineData("a__b", true, false, "a_b")]
    [InlineData("__a..b__", true, false, "__a_b__")]
    [InlineData("😀x", true, true, "key_x")]
    public void LabelName_Escaped(string name, bool sanitize, bool preserve, string expected) => Assert.Equal(expected,
        new OtlpNames(new OtlpSettings { LabelNameUnderscoreSanitization = sanitize, LabelNamePreserveMultipleUnderscores = preserve }).LabelName(name));

    [Theory]
    [InlineData(Escape, "", "label name is empty")]
    [InlineData(Nothing, "", "label name is empty")]
    [InlineData(Nothing, "__", "label name \"__\" contains only underscores")]
    [InlineData(Escape, "..", "normalization for label name \"..\" resulted in invalid name \"__\"")]
    public void LabelName_NothingLeft_IsRefused(string strategy, string name, string expected) =>
        Assert.Equal(expected, Assert.Throws<OtlpRefusal>(() => Names(strategy).LabelName(name)).Message);

    [Theory]
    [InlineData("s", "seconds")]
    [InlineData("By/s", "bytes_per_second")]
    [InlineData("1", "")]
    [InlineData("{conn}", "")]
    [InlineData("weird unit", "weird_unit")]
    [InlineData(" m / d ", "meters_per_day")]
    public void UnitName_InWords(string unit, string expected) => Assert.Equal(expected, OtlpUnits.Name(unit));

    static OtlpNames Names(string strategy) => new(new OtlpSettings().WithStrategy(strategy));
}
