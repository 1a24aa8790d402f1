using Vigie.Testing;

namespace Vigie.Dashboards.Tests;

/// <summary>Dashboards that people published or wrote by hand: the folders beside the conformance data.</summary>
static class PublishedDashboards
{
    public static IReadOnlyList<DashboardText> All()
    {
        Assert.SkipUnless(ConformanceData.IsPresent, "published dashboards not found: set VIGIE_CONFORMANCE to the conformance folder they stand beside");
        var shared = Path.GetDirectoryName(ConformanceData.Root!.TrimEnd(Path.DirectorySeparatorChar))!;
        var folders = new[] { Path.Combine(shared, "dashboards"), Path.Combine(shared, "guides") }.Where(Directory.Exists);
        return [.. folders.SelectMany(folder => Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(path => new DashboardText(Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path))))];
    }

    public static Dashboard Read(string name)
    {
        var file = DashboardReader.Read(All().First(text => text.Path.EndsWith(name, StringComparison.Ordinal)));
        Assert.NotNull(file.Dashboard);
        return file.Dashboard;
    }
}
