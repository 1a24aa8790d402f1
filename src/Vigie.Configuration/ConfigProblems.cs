namespace Vigie.Configuration;

/// <summary>
/// Collects everything that is wrong while files are read, so that all of it is reported at once. At most <see cref="CountMax"/> are kept.
/// Not thread-safe.
/// </summary>
public sealed class ConfigProblems
{
    /// <summary>Enough to repair a file by; a generated file may hold many thousands of the same.</summary>
    public const int CountMax = 500;

    readonly List<ConfigProblem> _all = [];

    public IReadOnlyList<ConfigProblem> All => _all;
    public IEnumerable<ConfigProblem> Errors => _all.Where(static p => p.Severity == ConfigSeverity.Error);
    public IEnumerable<ConfigProblem> Warnings => _all.Where(static p => p.Severity == ConfigSeverity.Warning);
    public bool HasErrors { get; private set; }
    public int ErrorCount { get; private set; }

    public void Add(ConfigProblem problem)
    {
        if (problem.Severity == ConfigSeverity.Error)
        {
            HasErrors = true;
            ErrorCount++;
        }
        if (_all.Count < CountMax) _all.Add(problem);
    }

    public void Error(SourcePosition position, string field, string message) =>
        Add(new ConfigProblem(position, field, message, ConfigSeverity.Error));

    public void Warning(SourcePosition position, string field, string message) =>
        Add(new ConfigProblem(position, field, message, ConfigSeverity.Warning));

    /// <summary>One problem per line.</summary>
    public override string ToString() => string.Join('\n', _all);
}
