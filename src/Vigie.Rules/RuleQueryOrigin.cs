namespace Vigie.Rules;

/// <summary>The group that asked a query, for the query log.</summary>
/// <param name="File">As prometheus.yml or the folder has it.</param>
public sealed record RuleQueryOrigin(string File, string Group);
