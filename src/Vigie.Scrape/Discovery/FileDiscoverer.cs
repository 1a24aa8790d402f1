using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>
/// <c>file_sd_configs</c>: groups in JSON or YAML files, looked at every few seconds. A file that cannot be read keeps the groups it had.
/// </summary>
sealed class FileDiscoverer(FileDiscoveryConfig config, IConfigFiles? files) : IDiscoverer
{
    const string PathLabel = "__meta_filepath";
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, (string Text, IReadOnlyList<TargetGroup> Groups)> _read = new(StringComparer.Ordinal);

    public TimeSpan? RefreshInterval => config.RefreshInterval < LookInterval ? config.RefreshInterval : LookInterval;

    public ValueTask<Discovered> FindAsync(CancellationToken cancellation)
    {
        if (files is null) return new(new Discovered([], "no access to files"));
        var problems = new List<string>();
        var groups = new List<TargetGroup>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (string pattern in config.Files)
        {
            foreach (string path in GlobPattern.HasWildcards(pattern) ? GlobPattern.Find(files, pattern) : [pattern])
            {
                if (!present.Add(path)) continue;
                if (Read(path, out string? problem) is { } found) groups.AddRange(found);
                if (problem is not null) problems.Add(problem);
            }
        }
        foreach (string gone in _read.Keys.Except(present).ToArray()) _read.Remove(gone);
        return new(new Discovered(groups, problems.Count == 0 ? null : string.Join("; ", problems)));
    }

    IReadOnlyList<TargetGroup>? Read(string path, out string? problem)
    {
        problem = null;
        bool known = _read.TryGetValue(path, out var before);
        try
        {
            string? text = files!.ReadText(path);
            if (text is null)
            {
                problem = $"{path}: no such file";
                return known ? before.Groups : null;
            }
            if (known && text == before.Text) return before.Groups;
            var problems = new ConfigProblems();
            if (TargetGroupLoader.Load(path, text, problems) is { } groups)
            {
                groups = [.. groups.Select(group => group with { Labels = group.Labels.With(PathLabel, path) })];
                _read[path] = (text, groups);
                return groups;
            }
            problem = problems.ToString();
        }
        catch (IOException failure)
        {
            problem = $"{path}: {failure.Message}";
        }
        return known ? before.Groups : null;
    }
}
