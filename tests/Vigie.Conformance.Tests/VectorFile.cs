using System.Text.Json.Nodes;
using Vigie.Testing;

namespace Vigie.Conformance.Tests;

/// <summary>Runs a function over the cases of one vector file and reports all failures together.</summary>
static class VectorFile
{
    /// <param name="check">Returns what is wrong with a case, or null.</param>
    public static void Check(string file, Func<JsonNode, string?> check)
    {
        if (!ConformanceData.IsPresent) return;
        var cases = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf(file.Split('/'))))!["cases"]!.AsArray();
        var failures = new List<string>();
        for (int i = 0; i < cases.Count; i++)
        {
            string? failure;
            try
            {
                failure = check(cases[i]!);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                failure = problem.ToString();
            }
            if (failure is not null) failures.Add($"{file} case {i} {NameOf(cases[i]!)}: {failure}");
        }
        ConformanceReport.Add(file, cases.Count, failures);
    }

    static string NameOf(JsonNode test) => (test["name"] ?? test["file"] ?? test["input"] ?? test["in"] ?? test["expr"] ?? test["regex"])?.ToString() ?? "";
}
