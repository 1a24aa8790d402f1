namespace Vigie.Model;

/// <summary>A map with string keys as templates see it.</summary>
public interface ITemplateMap
{
    /// <summary>In order of the keys, as Go's templates iterate.</summary>
    IReadOnlyList<string> Keys { get; }

    bool TryGet(string key, out object? value);

    /// <summary>The zero value of the values' type, which a missing key gives: "" in a map of strings, null (Go: nil) in others.</summary>
    object? ValueOfMissingKey { get; }
}
