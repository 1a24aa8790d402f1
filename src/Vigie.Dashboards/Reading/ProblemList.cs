namespace Vigie.Dashboards;

/// <summary>Collects the problems of one file; turns byte offsets into lines and columns.</summary>
sealed class ProblemList(string file, byte[] utf8)
{
    readonly List<DashboardProblem> _problems = [];

    public IReadOnlyList<DashboardProblem> Problems => _problems;

    /// <summary>Says that <paramref name="at"/> is not what stands there normally.</summary>
    public void Expected(JsonSource at, string expected) => Add(at, $"{at.Describe()}, expected {expected}");

    public void Add(JsonSource at, string message, bool isError = false)
    {
        var before = utf8.AsSpan(0, Math.Min(at.Offset, utf8.Length));
        var lastBreak = before.LastIndexOf((byte)'\n');
        _problems.Add(new(file, before.Count((byte)'\n') + 1, before.Length - lastBreak, at.Path, message, isError));
    }

    public void AddFatal(long line, long column, string message) => _problems.Add(new(file, (int)line, (int)column, "", message, IsError: true));
}
