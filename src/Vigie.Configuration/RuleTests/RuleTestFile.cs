namespace Vigie.Configuration.RuleTests;

/// <summary>A rule unit test file (Prometheus, docs/configuration/unit_testing_rules.md).</summary>
public sealed record RuleTestFile
{
    public required string Path { get; init; }

    /// <summary>Patterns, joined with the folder of the file.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    /// <summary>All groups are evaluated this often, whatever interval they set. Default 1 minute.</summary>
    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Names of groups in the order they are evaluated in; others come first.</summary>
    public IReadOnlyList<string> GroupOrder { get; init; } = [];

    /// <summary>The floating-point numbers next to the expected value are accepted too.</summary>
    public bool FuzzyCompare { get; init; }

    public IReadOnlyList<RuleTest> Tests { get; init; } = [];
}

/// <summary>Input series, and what rules and queries must make of them.</summary>
public sealed record RuleTest
{
    public SourcePosition Position { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Between two values of the input series.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Time of the first value, from which the times of evaluations count.</summary>
    public DateTimeOffset Start { get; init; } = DateTimeOffset.UnixEpoch;

    public IReadOnlyList<RuleTestSeries> InputSeries { get; init; } = [];
    public IReadOnlyList<AlertExpectation> Alerts { get; init; } = [];
    public IReadOnlyList<QueryExpectation> Queries { get; init; } = [];
    public IReadOnlyDictionary<string, string> ExternalLabels { get; init; } = new Dictionary<string, string>();
    public string ExternalUrl { get; init; } = "";
}

/// <param name="Values">In the series notation.</param>
public sealed record RuleTestSeries(SourcePosition Position, string Series, string Values);

/// <summary>The firing alerts of one name at one time: exactly these.</summary>
public sealed record AlertExpectation(SourcePosition Position, TimeSpan EvalTime, string AlertName, IReadOnlyList<ExpectedAlert> Alerts);

public sealed record ExpectedAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);

/// <summary>The result of an expression at one time: exactly these samples.</summary>
public sealed record QueryExpectation(SourcePosition Position, string Expression, TimeSpan EvalTime, IReadOnlyList<ExpectedSample> Samples);

/// <param name="Labels">As a metric: <c>name{label="value"}</c>.</param>
/// <param name="Histogram">In the series notation, null for a float.</param>
public sealed record ExpectedSample(SourcePosition Position, string Labels, double Value, string? Histogram);
