using Vigie.Configuration;

namespace Vigie.Dashboards;

/// <summary>A dashboard file's text, before reading.</summary>
/// <param name="Path">Relative to the dashboards' folder, with forward slashes; its folder becomes the dashboard's folder.</param>
public sealed record DashboardText(string Path, ReadOnlyMemory<byte> Utf8);

/// <summary>What a file gave: a dashboard unless it is unreadable, and everything noticed on the way.</summary>
public sealed record DashboardFile(string Path, Dashboard? Dashboard, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>The folder below the dashboards' folder; empty for files that stand directly in it.</summary>
    public string Folder => Path.LastIndexOf('/') is var slash && slash > 0 ? Path[..slash] : "";
}
