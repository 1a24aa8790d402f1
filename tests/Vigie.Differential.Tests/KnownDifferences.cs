using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>Queries whose answers are known to differ, each with the reason: known-differences.json.</summary>
sealed record KnownDifferences(string Query, string Reason)
{
    readonly Regex _pattern = new(Query);

    public bool Matches(string query) => _pattern.IsMatch(query);

    public static KnownDifferences[] Load() =>
        JsonSerializer.Deserialize<KnownDifferences[]>(File.ReadAllText(Path.Combine(Programs.Root, "tests/Vigie.Differential.Tests/known-differences.json")),
            JsonSerializerOptions.Web)!;
}
