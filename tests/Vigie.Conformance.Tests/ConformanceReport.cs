using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Vigie.Conformance.Tests;

/// <summary>
/// Counts cases per data file. When the process ends it prints a line <c>passed/total file</c> for each, and last of all
/// <c>conformance: N passed, N failed</c>.
/// </summary>
static class ConformanceReport
{
    static readonly ConcurrentDictionary<string, (int Passed, int Total)> s_files = new(StringComparer.Ordinal);

    /// <summary>Counts the cases of a file (once) and fails the test if any failed.</summary>
    /// <param name="failures">One text per failed case, naming the case.</param>
    public static void Add(string file, int total, IReadOnlyCollection<string> failures)
    {
        int passed = total - failures.Count;
        s_files[file] = (passed, total);
        Assert.True(failures.Count == 0, $"{file}: {passed}/{total}\n{string.Join('\n', failures)}");
    }

    [ModuleInitializer]
    internal static void PrintAtExit() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (s_files.IsEmpty) return;
        foreach (var (file, (passed, total)) in s_files.OrderBy(f => f.Key, StringComparer.Ordinal)) Console.WriteLine($"{passed}/{total} {file}");
        int sum = s_files.Values.Sum(f => f.Passed);
        Console.WriteLine($"conformance: {sum} passed, {s_files.Values.Sum(f => f.Total) - sum} failed");
    };
}
