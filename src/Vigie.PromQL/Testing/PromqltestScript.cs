using System.Collections.Immutable;

namespace Vigie.PromQL.Testing;

/// <summary>A script in the load/eval language of Prometheus' query tests (promql/promqltest): commands in the order of the file.</summary>
public sealed record PromqltestScript(string FileName, ImmutableArray<PromqltestCommand> Commands);

/// <param name="Line">Where it starts, from 1.</param>
public abstract record PromqltestCommand(int Line);

/// <summary>Empties the storage.</summary>
public sealed record ClearCommand(int Line) : PromqltestCommand(Line);

/// <summary>Adds samples, the first of each series at time 0.</summary>
/// <param name="WithCustomBuckets">Also adds native histograms with custom buckets made from the classic ones.</param>
public sealed record LoadCommand(int Line, long StepMs, bool WithCustomBuckets, ImmutableArray<LoadedSeries> Series)
    : PromqltestCommand(Line);

/// <param name="StartTimestampsMs">Start timestamp of each position, null where there is none; empty if none is given.</param>
public sealed record LoadedSeries(SeriesDescription Series, ImmutableArray<long?> StartTimestampsMs);

/// <summary>Evaluates an expression and compares the result.</summary>
/// <param name="Grid">Times of a range query; for an instant query start and end are its time, and the step is 0.</param>
public sealed record EvalCommand(int Line, string Expression, EvalGrid Grid, EvalExpectation Expectation) : PromqltestCommand(Line)
{
    public bool IsInstant => Grid.StepMs == 0;
}

/// <summary>Times of an evaluation in milliseconds since 1970.</summary>
public readonly record struct EvalGrid(long StartMs, long EndMs, long StepMs)
{
    public int StepCount => StepMs == 0 ? 1 : (int)((EndMs - StartMs) / StepMs) + 1;
}

/// <summary>What a result must be.</summary>
public sealed record EvalExpectation
{
    public bool Fails { get; init; }
    /// <summary>Of the failure; null if any will do.</summary>
    public TextExpectation? Failure { get; init; }
    public AnnotationExpectation Warnings { get; init; } = new();
    public AnnotationExpectation Infos { get; init; } = new();
    /// <summary>The series come in the order given.</summary>
    public bool Ordered { get; init; }
    public double? Scalar { get; init; }
    public string? Text { get; init; }
    /// <summary>The times of the range vector that an instant query results in.</summary>
    public EvalGrid? RangeVector { get; init; }
    public ImmutableArray<(int Line, SeriesDescription Series)> Series { get; init; } = [];
}

/// <summary>A text, or an expression that must be found in it.</summary>
public sealed record TextExpectation(string Text, bool IsRegex)
{
    public bool Accepts(string found) => IsRegex ? Model.GoRegex.Parse(Text).IsMatch(found) : found == Text;

    public override string ToString() => IsRegex ? $"a match of {Text}" : Text;
}

/// <summary>Which warnings (or infos) may and must be there.</summary>
public sealed record AnnotationExpectation
{
    public bool Some { get; init; }
    public bool None { get; init; }
    /// <summary>Each must be there, and each that is there must be one of these. Empty: no such condition.</summary>
    public ImmutableArray<TextExpectation> Texts { get; init; } = [];
}

/// <summary>A script that cannot be read.</summary>
public sealed class PromqltestSyntaxException(string fileName, int line, string problem) : Exception($"{fileName}:{line}: {problem}")
{
    public int Line { get; } = line;
}
