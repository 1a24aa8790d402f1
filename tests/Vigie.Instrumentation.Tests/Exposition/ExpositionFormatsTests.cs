namespace Vigie.Instrumentation.Tests;

public sealed class ExpositionFormatsTests
{
    [Theory]
    [InlineData(null, ExpositionFormat.Text)]
    [InlineData("", ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", ExpositionFormat.Text)]
    [InlineData("text/plain;version=0.0.4", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.9", ExpositionFormat.Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=abc", ExpositionFormat.Text)]
    [InlineData(";;,,;q=", ExpositionFormat.Text)]
    public void Negotiate_Accept_GivesFormat(string? accept, ExpositionFormat expected) =>
        Assert.Equal(expected, ExpositionFormats.Negotiate(accept));
}
