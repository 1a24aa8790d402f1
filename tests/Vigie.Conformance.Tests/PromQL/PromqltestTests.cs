using Vigie.PromQL;
using Vigie.PromQL.Testing;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.PromQL;

/// <summary>promql/promqltest: scripts of Prometheus' own query tests, each evaluation a case.</summary>
public sealed class PromqltestTests
{
    public static TheoryData<string> Scripts()
    {
        var names = new TheoryData<string>();
        foreach (string file in ConformanceData.Files("promql/promqltest", "*.test", recursive: true))
            names.Add(Path.GetRelativePath(ConformanceData.PathOf(), file));
        if (names.Count == 0) names.Add("");
        return names;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script(string file)
    {
        if (file.Length == 0) return;
        var script = PromqltestParser.Parse(file, File.ReadAllText(ConformanceData.PathOf(file)));
        var options = new PromqltestOptions { InstantAsRange = true, FixedTime = true };
        if (file.EndsWith("type_and_unit.test", StringComparison.Ordinal))
            options = options with { Engine = options.Engine with { TypeAndUnitLabels = true } };
        var report = new PromqltestRunner(options, TimeProvider.System).Run(script, TestContext.Current.CancellationToken);
        ConformanceReport.Add(file, report.Evaluations, [.. report.Failures.Select(f => f.ToString())]);
    }
}
