namespace Vigie.Configuration.Vigie.Tests;

public sealed class VigieConfigLoaderTests
{
    [Fact]
    public void Load_AllKeys()
    {
        var config = VigieConfigLoader.Load("etc/vigie.yml", """
            listen: {prometheus: ':9090', alertmanager: 127.0.0.1:9093, web: off}
            storage: {path: data, retention: {time: 30d, size: 10GB}}
            web: {auth: off, external_url: https://vigie.example}
            """, new ConfigProblems())!;
        Assert.Equal((":9090", "127.0.0.1:9093", ListenConfig.Off, null),
            (config.Listen.Prometheus, config.Listen.Alertmanager, config.Listen.Web, config.Listen.Node));
        Assert.Equal(("etc/data", TimeSpan.FromDays(30), 10L << 30), (config.StoragePath, config.RetentionTime, config.RetentionSizeBytes));
        Assert.Equal((false, "https://vigie.example"), (config.WebAuth, config.ExternalUrl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("listen:\nstorage:\n")]
    public void Load_Nothing_IsAllDefaults(string text) =>
        Assert.Equal(new VigieConfig(), VigieConfigLoader.Load("vigie.yml", text, new ConfigProblems()));

    [Fact]
    public void Load_WrongAddress_SaysWhatIsExpected()
    {
        var problems = new ConfigProblems();
        Assert.Null(VigieConfigLoader.Load("vigie.yml", "listen: {web: nowhere}", problems));
        Assert.Equal("vigie.yml:1:15: listen.web: found \"nowhere\", expected host:port, :port or off", problems.ToString());
    }
}
