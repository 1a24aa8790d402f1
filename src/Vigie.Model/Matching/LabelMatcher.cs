namespace Vigie.Model;

public enum MatchType
{
    /// <summary><c>=</c></summary>
    Equal,
    /// <summary><c>!=</c></summary>
    NotEqual,
    /// <summary><c>=~</c>, fully anchored RE2</summary>
    Regex,
    /// <summary><c>!~</c>, fully anchored RE2</summary>
    NotRegex,
}

/// <summary>A condition on one label. An absent label counts as the empty value, as in Prometheus.</summary>
public sealed class LabelMatcher : IEquatable<LabelMatcher>
{
    /// <exception cref="FormatException">The regular expression is not valid RE2.</exception>
    /// <param name="dotMatchesNewline">Of a regular expression: true in Prometheus, false in Alertmanager.</param>
    public LabelMatcher(MatchType type, string name, string value, bool dotMatchesNewline = true)
    {
        Type = type;
        Name = name;
        Value = value;
        if (type is MatchType.Regex or MatchType.NotRegex) Expression = AnchoredRegex.Parse(value, dotMatchesNewline);
    }

    public MatchType Type { get; }
    public string Name { get; }
    public string Value { get; }

    /// <summary>The compiled expression of a regex matcher; null for the two equality forms.</summary>
    public AnchoredRegex? Expression { get; }

    public bool Matches(string value) => Type switch
    {
        MatchType.Equal => string.Equals(value, Value, StringComparison.Ordinal),
        MatchType.NotEqual => !string.Equals(value, Value, StringComparison.Ordinal),
        MatchType.Regex => Expression!.IsMatch(value),
        _ => !Expression!.IsMatch(value),
    };

    public bool Matches(Labels labels) => Matches(labels[Name]);

    /// <summary>True if a series without the label would match.</summary>
    public bool MatchesAbsent => Matches("");

    public static string OperatorText(MatchType type) => type switch
    {
        MatchType.Equal => "=",
        MatchType.NotEqual => "!=",
        MatchType.Regex => "=~",
        _ => "!~",
    };

    public override string ToString() =>
        (Labels.IsLegacyName(Name) ? Name : GoText.Quote(Name)) + OperatorText(Type) + GoText.Quote(Value);

    public bool Equals(LabelMatcher? other) => other is not null && Type == other.Type && Name == other.Name && Value == other.Value;
    public override bool Equals(object? obj) => Equals(obj as LabelMatcher);
    public override int GetHashCode() => HashCode.Combine(Type, Name, Value);
}
