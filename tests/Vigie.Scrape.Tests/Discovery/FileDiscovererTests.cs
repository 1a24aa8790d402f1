using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape.Tests.Discovery;

public sealed class FileDiscovererTests
{
    sealed class Files : Dictionary<string, string>, IConfigFiles
    {
        public string? ReadText(string path) => TryGetValue(path, out var text) ? text : null;
        public byte[]? ReadBytes(string path) => null;
        public IReadOnlyList<string> List(string folder) =>
            [.. Keys.Where(key => key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(key => key[(folder.Length + 1)..])];
    }

    readonly Files _files = [];

    static async Task<string> Find(FileDiscoverer discoverer)
    {
        var found = await discoverer.FindAsync(CancellationToken.None);
        return string.Join(' ', found.Groups!.Select(group => string.Join(',', group.Targets) + group.Labels))
            + (found.Problem is null ? "" : " ! " + found.Problem);
    }

    [Fact]
    public async Task FindAsync_JsonAndYaml_ByPattern()
    {
        _files["sd/a.json"] = """[{"targets": ["h:1", "h:2"], "labels": {"env": "prod"}}]""";
        _files["sd/b.yml"] = "- targets: ['h:3']\n";
        _files["sd/c.txt"] = "not looked at";
        var discoverer = new FileDiscoverer(new FileDiscoveryConfig { Files = ["sd/*.json", "sd/b.yml"] }, _files);
        Assert.Equal("h:1,h:2{__meta_filepath=\"sd/a.json\", env=\"prod\"} h:3{__meta_filepath=\"sd/b.yml\"}", await Find(discoverer));
    }

    [Fact]
    public async Task FindAsync_FileBreaks_KeepsWhatItHad_AndFileGoes_EndsIt()
    {
        _files["a.yml"] = "- targets: ['h:1']\n";
        var discoverer = new FileDiscoverer(new FileDiscoveryConfig { Files = ["a.yml"] }, _files);
        Assert.Equal("h:1{__meta_filepath=\"a.yml\"}", await Find(discoverer));
        _files["a.yml"] = "- wrong: 1\n";
        Assert.StartsWith("h:1{__meta_filepath=\"a.yml\"} ! a.yml:1:3: [0]", await Find(discoverer), StringComparison.Ordinal);
        _files["a.yml"] = "- targets: ['h:2']\n";
        Assert.Equal("h:2{__meta_filepath=\"a.yml\"}", await Find(discoverer));
    }

    [Fact]
    public async Task FindAsync_NoSuchFile_SaysSo()
    {
        var discoverer = new FileDiscoverer(new FileDiscoveryConfig { Files = ["a.yml"] }, _files);
        Assert.Equal(" ! a.yml: no such file", await Find(discoverer));
    }
}
