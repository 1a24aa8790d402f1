namespace Vigie.Configuration;

/// <summary>A text that must not appear in a log line, a message or an answer: it prints as <c>&lt;secret&gt;</c>.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>What is shown in place of a secret, as in Prometheus.</summary>
    public const string Mask = "<secret>";

    readonly string _value = value;

    public bool IsEmpty => _value.Length == 0;

    /// <summary>The text itself, for the one place that sends it.</summary>
    public string Reveal() => _value;

    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);
    public override bool Equals(object? obj) => Equals(obj as Secret);
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => Mask;
}
