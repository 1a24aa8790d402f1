using Vigie.Configuration;

namespace Vigie.Dashboards;

/// <summary>All dashboards of a folder, immutable; a reload makes a new one.</summary>
public sealed class DashboardLibrary
{
    const int FolderDepthMax = 8;

    readonly Dictionary<string, DashboardFile> _byUid;

    DashboardLibrary(IReadOnlyList<DashboardFile> files, IReadOnlyList<ConfigProblem> problems)
    {
        Files = files;
        Problems = problems;
        _byUid = files.ToDictionary(file => file.Dashboard!.Uid, StringComparer.Ordinal);
    }

    public static DashboardLibrary Empty { get; } = new([], []);

    /// <summary>The files that gave a dashboard, by folder and title.</summary>
    public IReadOnlyList<DashboardFile> Files { get; }

    /// <summary>Of all files, also of those that gave none.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    /// <summary>Reads every <c>*.json</c> in the folders and the folders below them.</summary>
    public static DashboardLibrary Load(IConfigFiles files, params IEnumerable<string> folders) =>
        Read(folders.SelectMany(folder => TextsOf(files, folder, "", depth: 0)));

    /// <summary>Reads every text. A uid that two files claim stays with the first by path; the other gets one of its own.</summary>
    public static DashboardLibrary Read(IEnumerable<DashboardText> texts)
    {
        var problems = new List<ConfigProblem>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new List<DashboardFile>();
        foreach (var text in texts.OrderBy(text => text.Path, StringComparer.Ordinal))
        {
            var file = DashboardReader.Read(text);
            problems.AddRange(file.Problems);
            if (file.Dashboard is not { } dashboard) continue;
            var uid = dashboard.Uid;
            for (var copy = 2; !taken.TryAdd(uid, file.Path); copy++) uid = $"{dashboard.Uid}-{copy}";
            if (uid != dashboard.Uid)
            {
                problems.Add(new(new(file.Path, 1, 1), "uid", $"\"{dashboard.Uid}\" belongs to {taken[dashboard.Uid]} already, using \"{uid}\"",
                    ConfigSeverity.Warning));
                file = file with { Dashboard = dashboard with { Uid = uid } };
            }
            files.Add(file);
        }
        files.Sort((a, b) => string.CompareOrdinal(a.Folder, b.Folder) is var order and not 0
            ? order
            : string.Compare(a.Dashboard!.Title, b.Dashboard!.Title, StringComparison.OrdinalIgnoreCase));
        return new(files, problems);
    }

    public DashboardFile? Find(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>The dashboards whose title contains <paramref name="query"/> and that carry all of <paramref name="tags"/>.</summary>
    public IEnumerable<DashboardFile> Search(string? query, IReadOnlyCollection<string> tags) => Files.Where(file =>
        (string.IsNullOrWhiteSpace(query) || file.Dashboard!.Title.Contains(query.Trim(), StringComparison.OrdinalIgnoreCase))
        && tags.All(tag => file.Dashboard!.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)));

    static IEnumerable<DashboardText> TextsOf(IConfigFiles files, string folder, string prefix, int depth)
    {
        foreach (var name in files.List(folder))
        {
            if (name.StartsWith('.')) continue;
            var path = $"{folder.TrimEnd('/')}/{name}";
            if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                if (files.ReadBytes(path) is { } utf8) yield return new(prefix + name, utf8);
            }
            else if (depth < FolderDepthMax)
            {
                foreach (var text in TextsOf(files, path, $"{prefix}{name}/", depth + 1)) yield return text;
            }
        }
    }
}
