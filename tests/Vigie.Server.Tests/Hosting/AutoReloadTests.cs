using Microsoft.Extensions.Logging.Abstractions;
using Vigie.PromQL;
using Vigie.Server.Hosting;
using Vigie.Testing;

namespace Vigie.Server.Tests.Hosting;

public sealed class AutoReloadTests : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    readonly string _folder = Directory.CreateTempSubdirectory("vigie-reload-").FullName;
    readonly ManualTimeProvider _clock = new();
    int _reads;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tick_AfterAFileOfTheConfigurationChanged_ReloadsOnce()
    {
        Write("prometheus.yml", "rule_files: ['rules/*.yml']");
        Directory.CreateDirectory(Path.Combine(_folder, "rules"));
        var reloader = await StartAsync();
        using var auto = Watch(reloader);

        Assert.Equal(0, ReadsAtNextTick());
        Write("rules/a.yml", "groups: [{name: a, rules: [{record: a, expr: '1'}]}]");
        Assert.Equal(1, ReadsAtNextTick());
        Assert.Single(reloader.Current.RuleFiles);
        Assert.Equal(0, ReadsAtNextTick());
        Write("rules/a.yml", "groups: [{name: b, rules: [{record: a, expr: '2'}]}]");
        Assert.Equal(1, ReadsAtNextTick());
        Write("other.yml", "nobody asked for it");
        Assert.Equal(0, ReadsAtNextTick());
        File.Delete(Path.Combine(_folder, "rules/a.yml"));
        Assert.Equal(1, ReadsAtNextTick());
        Assert.Empty(reloader.Current.RuleFiles);
    }

    [Fact]
    public async Task Tick_WithAFileThatIsRefused_TriesAgainOnlyWhenItChanges()
    {
        Write("prometheus.yml", "global: {scrape_interval: 15s}");
        var reloader = await StartAsync();
        using var auto = Watch(reloader);

        Write("prometheus.yml", "global: {scrape_interval: wrong}");
        Assert.Equal(1, ReadsAtNextTick());
        Assert.False(reloader.LastSucceeded);
        Assert.Equal(0, ReadsAtNextTick());
        Write("prometheus.yml", "global: {scrape_interval: 15s}");      // as it was: the state of the last reload is mended too
        Assert.Equal(1, ReadsAtNextTick());
        Assert.True(reloader.LastSucceeded);
        Assert.Equal(0, ReadsAtNextTick());
        File.Delete(Path.Combine(_folder, "prometheus.yml"));
        Assert.Equal(1, ReadsAtNextTick());
        Assert.False(reloader.LastSucceeded);
    }

    [Fact]
    public async Task Tick_AfterTheFolderLostItsConfiguration_KeepsTheOldOneAndSaysSo()
    {
        Write("prometheus.yml", "global: {scrape_interval: 15s}");
        var reloader = await StartAsync(new ServeOptions { Folder = _folder });
        using var auto = Watch(reloader);

        File.Delete(Path.Combine(_folder, "prometheus.yml"));
        Assert.Equal(1, ReadsAtNextTick());
        Assert.False(reloader.LastSucceeded);
        Assert.Equal(0, ReadsAtNextTick());
        Write("prometheus.yaml", "global: {scrape_interval: 10s}");
        Assert.Equal(1, ReadsAtNextTick());
        Assert.True(reloader.LastSucceeded);
        Assert.Equal(TimeSpan.FromSeconds(10), reloader.Current.Prometheus.Global.ScrapeInterval);
    }

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    int ReadsAtNextTick()
    {
        int before = _reads;
        _clock.Advance(Interval);
        return _reads - before;
    }

    async Task<ConfigurationReloader> StartAsync(ServeOptions? chosen = null)
    {
        var options = chosen ?? new ServeOptions { ConfigFile = Path.Combine(_folder, "prometheus.yml") };
        RunningConfiguration Read() => RunningConfiguration.Load(options, ParserOptions.Default, new DiskConfigFiles());
        var reloader = new ConfigurationReloader(() =>
        {
            _reads++;
            return Read();
        }, [], _clock, NullLogger.Instance);
        await reloader.StartAsync(Read(), TestContext.Current.CancellationToken);
        return reloader;
    }

    AutoReload Watch(ConfigurationReloader reloader) => new(reloader, async () =>
    {
        try
        {
            await reloader.ReloadAsync(default);
        }
        catch (Configuration.ConfigException)
        {
            // In LastSucceeded.
        }
    }, Interval, _clock);
}
