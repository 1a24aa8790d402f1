namespace Vigie.Model;

/// <summary>One name and value of a label set. An empty value means the same as an absent label.</summary>
public readonly record struct Label(string Name, string Value);
