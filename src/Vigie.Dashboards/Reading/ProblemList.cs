using Vigie.Configuration;

namespace Vigie.Dashboards;

/// <summary>
/// Collects the problems of one file; turns byte offsets into lines and columns. A warning leaves the rest of the dashboard to be shown;
/// an error means that the file gives no dashboard at all.
/// </summary>
sealed class ProblemList(string file, byte[] utf8)
{
    readonly List<ConfigProblem> _problems = [];

    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Says that <paramref name="at"/> is not what stands there normally.</summary>
    public void Expected(JsonSource at, string expected) => Add(at, $"{at.Describe()}, expected {expected}");

    public void Add(JsonSource at, string message, ConfigSeverity severity = ConfigSeverity.Warning)
    {
        var before = utf8.AsSpan(0, Math.Min(at.Offset, utf8.Length));
        var lastBreak = before.LastIndexOf((byte)'\n');
        _problems.Add(new(new(file, before.Count((byte)'\n') + 1, before.Length - lastBreak), at.Path, message, severity));
    }

    public void AddFatal(long line, long column, string message) =>
        _problems.Add(new(new(file, (int)line, (int)column), "", message, ConfigSeverity.Error));
}
