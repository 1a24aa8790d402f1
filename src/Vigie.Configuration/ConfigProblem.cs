namespace Vigie.Configuration;

public enum ConfigSeverity
{
    /// <summary>The file works, but not as its author may think.</summary>
    Warning,
    /// <summary>The file cannot be used.</summary>
    Error,
}

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="Field">Path of the field from the top of the file, for example <c>scrape_configs[0].scheme</c>; "" for the whole
/// file.</param>
/// <param name="Message">What was found and what was expected; never holds a secret.</param>
public sealed record ConfigProblem(SourcePosition Position, string Field, string Message, ConfigSeverity Severity)
{
    /// <summary><c>file:line:column: field: found …, expected …</c></summary>
    public override string ToString() => Field.Length == 0 ? $"{Position}: {Message}" : $"{Position}: {Field}: {Message}";
}
