using Veza.Load;

namespace Veza.Tests;

public sealed class LoadOptionsTests
{
    [Fact]
    public void TryParse_Faults_AreRead()
    {
        Assert.True(LoadOptions.TryParse(["--errors", "0.2", "--latency=3s", "--for", "5m", "--on", "chat,stream"], out var options, out _));
        Assert.Equal((0.2, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(5)), (options.Errors, options.Latency, options.For));
        Assert.Equal(["chat", "stream"], options.On);
        Assert.True(options.HasFaults);
    }

    [Theory]
    [InlineData("unknown option --bogus", "--bogus", "1")]
    [InlineData("--rate: \"x\", expected a number from 0 to 2000", "--rate", "x")]
    [InlineData("--rate: \"\", expected a number from 0 to 2000", "--rate")]
    [InlineData("--errors: \"20%\", expected a share from 0 to 1", "--errors", "20%")]
    [InlineData("--for: \"5 minutes\", expected a duration such as 5m", "--for", "5 minutes")]
    [InlineData("--stop: \"database\", expected backend, chat or stream", "--stop", "database")]
    [InlineData("--chat: \"localhost:8081\", expected an http address", "--chat", "localhost:8081")]
    public void TryParse_BadValue_SaysWhatWasExpected(string expected, params string[] args)
    {
        Assert.False(LoadOptions.TryParse(args, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("3s", 3.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("1.5m", 90.0)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("s", null)]
    [InlineData("5x", null)]
    public void ParseDuration_Text_GivesSeconds(string text, double? seconds) =>
        Assert.Equal(seconds, LoadOptions.ParseDuration(text)?.TotalSeconds);

    [Fact]
    public void HelpText_NamesEveryOption()
    {
        foreach (var option in new[] { "rate", "users", "sockets", "streams", "for", "quiet", "errors", "latency", "on", "stop", "backend", "chat", "stream" })
            Assert.Contains("--" + option + " ", LoadOptions.HelpText);
    }
}
