using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>A variable that queries and titles name as <c>$name</c> or <c>${name}</c>.</summary>
public sealed record Variable
{
    public required string Name { get; init; }
    public string? Label { get; init; }

    /// <summary><c>query</c>, <c>custom</c>, <c>constant</c>, <c>interval</c>, <c>datasource</c>, <c>textbox</c>, <c>adhoc</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Such as <c>label_values(up, job)</c> for a query variable, the comma-separated values for custom and interval.</summary>
    public string Query { get; init; } = "";

    /// <summary>Applied to what the query gives: keeps what matches; a group is the value.</summary>
    public string Regex { get; init; } = "";
    public bool Multi { get; init; }
    public bool IncludeAll { get; init; }

    /// <summary>What "All" stands for in queries; null: all values joined.</summary>
    public string? AllValue { get; init; }

    /// <summary>0: shown, 1: shown without label, 2: not shown.</summary>
    public int Hide { get; init; }

    /// <summary>0: as given, 1/2: alphabetical up/down, 3/4: numerical, 5/6: alphabetical without case.</summary>
    public int Sort { get; init; }

    /// <summary>Known values; those of query variables are asked for when the dashboard opens.</summary>
    public IReadOnlyList<VariableOption> Options { get; init; } = [];

    /// <summary>The value when the link names none; several for multi-value variables.</summary>
    public IReadOnlyList<VariableOption> Current { get; init; } = [];

    [JsonExtensionData]
    public IDictionary<string, object?> Extra { get; internal set; } = new Dictionary<string, object?>();
}

public sealed record VariableOption(string Text, string Value);
