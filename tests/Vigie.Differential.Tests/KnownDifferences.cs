using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>Answers that are known to differ, each with the reason: known-differences.json.</summary>
/// <param name="Query">Regular expression the query contains.</param>
/// <param name="Difference">Regular expression the difference contains.</param>
sealed record KnownDifferences(string Query, string Difference, string Reason)
{
    readonly Regex _query = new(Query), _difference = new(Difference);

    public bool Covers(string query, string difference) => _query.IsMatch(query) && _difference.IsMatch(difference);

    public static KnownDifferences[] Load() =>
        JsonSerializer.Deserialize<KnownDifferences[]>(File.ReadAllText(Path.Combine(Programs.Root, "tests/Vigie.Differential.Tests/known-differences.json")),
            JsonSerializerOptions.Web)!;
}
