using Vigie.Protocols.Exposition;

namespace Vigie.Protocols.Tests.Exposition;

public sealed class ScrapeProtocolsTests
{
    [Theory]
    [InlineData(null, ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/plain;version=0.0.4", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.3,text/plain;q=0.5", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0", ExpositionFormat.Text)]
    [InlineData(";;,q=,", ExpositionFormat.Text)]
    public void Negotiate_PrefersWhatTheClientPrefers(string? accept, ExpositionFormat expected) =>
        Assert.Equal(expected, ScrapeProtocols.Negotiate(accept, out _));

    [Fact]
    public void AcceptHeader_Protobuf_ComesWithItsParameters() => Assert.Equal(
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=underscores;q=0.6,*/*;q=0.5",
        ScrapeProtocols.AcceptHeader([ScrapeProtocol.PrometheusProto], "underscores"));

    [Fact]
    public void Choose_Fallback_StandsInForMissingAndUnknownTypes()
    {
        foreach (string? type in (string?[])[null, "", "text/html", "text/plain; charset"])
        {
            Assert.Null(ScrapeProtocols.Choose(type, ScrapeProtocol.OpenMetricsText1_0_0, out var format));
            Assert.Equal(ExpositionFormat.OpenMetrics, format);
        }
    }
}
