using System.Xml.Linq;

namespace Vigie.Tidy.Tests;

/// <summary>What each project may reference, as ARCHITECTURE.md says. A change here changes that page first.</summary>
public class DependencyDirectionTests
{
    [Theory]
    [InlineData("Vigie.Model")]
    [InlineData("Vigie.Storage", "Vigie.Model")]
    [InlineData("Vigie.Protocols", "Vigie.Model")]
    [InlineData("Vigie.Configuration", "Vigie.Model")]
    [InlineData("Vigie.Metrics", "Vigie.Storage", "Vigie.Protocols")]
    [InlineData("Vigie.PromQL", "Vigie.Model")]
    [InlineData("Vigie.Scrape", "Vigie.Protocols", "Vigie.Configuration")]
    [InlineData("Vigie.Remote", "Vigie.Protocols", "Vigie.Configuration", "Vigie.Storage")]
    [InlineData("Vigie.Rules", "Vigie.PromQL", "Vigie.Configuration")]
    [InlineData("Vigie.Alerting", "Vigie.Storage", "Vigie.Configuration")]
    [InlineData("Vigie.Collectors", "Vigie.Protocols")]
    [InlineData("Vigie.Dashboards", "Vigie.Configuration")]
    [InlineData("Vigie.Instrumentation")]
    public void Project_UsesOnlyWhatStandsOnItsLine(string project, params string[] allowed)
    {
        var unexpected = References(project).Except(allowed);
        Assert.True(!unexpected.Any(), $"{project} references {string.Join(", ", unexpected)}; allowed: {string.Join(", ", allowed)}");
    }

    [Fact]
    public void Engines_KnowNoHttpServer()
    {
        string[] hosts = ["Vigie.Server", "Vigie", "Vigie.Instrumentation"];
        foreach (string file in Repository.Files("src", ".csproj"))
        {
            if (hosts.Contains(Path.GetFileNameWithoutExtension(file))) continue;
            Assert.False(Repository.Read(file).Contains("Microsoft.AspNetCore", StringComparison.Ordinal), $"{file} references ASP.NET Core");
        }
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = Repository.Read("Vigie.slnx");
        var missing = Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")).Concat(Repository.Files("samples", ".csproj"))
            .Where(file => !solution.Contains(file, StringComparison.Ordinal));
        Assert.True(!missing.Any(), "not in Vigie.slnx: " + string.Join(", ", missing));
    }

    static IEnumerable<string> References(string project) =>
        XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
