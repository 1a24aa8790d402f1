using System.Text.RegularExpressions;

namespace Vigie.Tidy.Tests;

/// <summary>House rules that a machine can check; each finding is file:line and what to do instead.</summary>
public partial class HouseRulesTests
{
    const int LineLengthMax = 180;
    const int FileLinesMax = 900;

    [Fact]
    public void Lines_AreNotTooLong() => AssertNone(
        from file in Code()
        from line in LinesOf(file)
        where line.Text.Length > LineLengthMax
        select $"{file}:{line.Number}: {line.Text.Length} characters, at most {LineLengthMax}");

    [Fact]
    public void Files_HoldOneConcept() => AssertNone(
        from file in Code()
        let lines = LinesOf(file).Count()
        where lines > FileLinesMax
        select $"{file}: {lines} lines, at most {FileLinesMax}: split where a name appears");

    [Fact]
    public void Leftovers_AreGone() => AssertNone(
        from file in Code()
        where !file.StartsWith("tests/Vigie.Tidy.Tests/", StringComparison.Ordinal)
        from line in LinesOf(file)
        where Leftover().IsMatch(line.Text)
        select $"{file}:{line.Number}: leftover: {line.Text.Trim()}");

    [Fact]
    public void Files_AreTouchedOnlyThroughTheSeam() => AssertNone(
        from project in new[] { "Vigie.Model", "Vigie.Metrics", "Vigie.PromQL", "Vigie.Rules", "Vigie.Alerting", "Vigie.Protocols", "Vigie.Remote" }
        from file in Repository.Files("src/" + project, ".cs")
        from line in LinesOf(file)
        where FileAccess().IsMatch(line.Text)
        select $"{file}:{line.Number}: use IFileSystem: {line.Text.Trim()}");

    [Fact]
    public void Time_ComesFromTimeProvider() => AssertNone(
        from file in Repository.Files("src", ".cs")
        where !file.StartsWith("src/Vigie.Instrumentation/", StringComparison.Ordinal)
        from line in LinesOf(file)
        where WallClock().IsMatch(line.Text)
        select $"{file}:{line.Number}: take the time from TimeProvider: {line.Text.Trim()}");

    [Fact]
    public void Tests_DoNotSleep() => AssertNone(
        from file in Repository.Files("tests", ".cs")
        where !file.StartsWith("tests/Vigie.Tidy.Tests/", StringComparison.Ordinal)
        from line in LinesOf(file)
        where line.Text.Contains("Thread.Sleep", StringComparison.Ordinal)
        select $"{file}:{line.Number}: Thread.Sleep in a test: wait for the condition, or advance a ManualTimeProvider");

    static IEnumerable<string> Code() => new[] { "src", "tests", "samples", "bench" }.SelectMany(folder => Repository.Files(folder, ".cs"))
        .Concat(Repository.Files("ui/src", ".ts", ".tsx"));

    static IEnumerable<(int Number, string Text)> LinesOf(string file) =>
        Repository.Read(file).Split('\n').Select((text, index) => (index + 1, text));

    static void AssertNone(IEnumerable<string> findings)
    {
        string all = string.Join('\n', findings.Take(50));
        Assert.True(all.Length == 0, "\n" + all);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|#pragma warning disable|\bSkip\s*=\s*""|Console\.WriteLine\(""debug")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"(?<![\w.])(File|Directory|FileStream|FileInfo|DirectoryInfo)\.(?!Name)[A-Z]\w+\(|new FileStream\(")]
    private static partial Regex FileAccess();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now\b|Task\.Delay\((?!.*([cC]lock|[tT]imeProvider))")]
    private static partial Regex WallClock();
}
