namespace Vigie.Configuration;

/// <summary>A place in a configuration file. Line and column count from 1; 0 means the file as a whole.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
