namespace Vigie.Configuration;

/// <summary>A configuration cannot be used; the message lists every problem, one per line.</summary>
public sealed class ConfigException(ConfigProblems problems) : Exception(string.Join('\n', problems.Errors))
{
    public ConfigProblems Problems { get; } = problems;
}
