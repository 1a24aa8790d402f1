using System.IO.Enumeration;
using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>
/// <c>file_sd_configs</c>: groups in JSON or YAML files. The files are looked at every few seconds and read again when their text has
/// changed; a
/// file that cannot be read keeps the groups it had.
/// </summary>
sealed class FileDiscoverer(FileDiscoveryConfig config, IConfigFiles? files) : IDiscoverer
{
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
            foreach (string path in PathsOf(pattern))
            {
                if (!present.Add(path)) continue;
                if (Read(path, out string? problem) is { } found) groups.AddRange(found);
                if (problem is not null) problems.Add(problem);
            }
        }
        foreach (string gone in _read.Keys.Except(present).ToArray()) _read.Remove(gone);
        return new(new Discovered(groups, problems.Count == 0 ? null : string.Join("; ", problems)));
    }

    List<string> PathsOf(string pattern)
    {
        int slash = pattern.LastIndexOf('/');
        string name = pattern[(slash + 1)..];
        if (name.IndexOfAny(['*', '?', '[']) < 0) return [pattern];
        string folder = slash < 0 ? "." : slash == 0 ? "/" : pattern[..slash];
        var paths = new List<string>();
        foreach (string file in files!.List(folder))
            if (FileSystemName.MatchesSimpleExpression(name, file, ignoreCase: false)) paths.Add(slash < 0 ? file : pattern[..(slash + 1)]
                + file);
        paths.Sort(StringComparer.Ordinal);
        return paths;
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
            var groups = TargetGroupFile.Parse(path, text);
            _read[path] = (text, groups);
            return groups;
        }
        catch (Exception failure) when (failure is IOException or FormatException)
        {
            problem = failure is IOException ? $"{path}: {failure.Message}" : failure.Message;
            return known ? before.Groups : null;
        }
    }
}
