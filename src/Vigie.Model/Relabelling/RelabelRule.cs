namespace Vigie.Model;

/// <summary>What a relabelling rule does (Prometheus, docs/configuration/configuration.md, relabel_config).</summary>
public enum RelabelAction
{
    Replace,
    Keep,
    Drop,
    KeepEqual,
    DropEqual,
    HashMod,
    LabelMap,
    LabelDrop,
    LabelKeep,
    Lowercase,
    Uppercase,
}

/// <summary>One relabelling rule. Immutable.</summary>
public sealed record RelabelRule
{
    /// <summary>Labels whose values are joined with <see cref="Separator"/>.</summary>
    public IReadOnlyList<string> SourceLabels { get; init; } = [];

    public string Separator { get; init; } = ";";

    /// <summary>Default <c>(.*)</c>.</summary>
    public AnchoredRegex Regex { get; init; } = AnyText;

    /// <summary>Of <see cref="RelabelAction.HashMod"/>.</summary>
    public ulong Modulus { get; init; }

    /// <summary>May hold group references in replace rules.</summary>
    public string TargetLabel { get; init; } = "";

    /// <summary>May hold group references: <c>$1</c>, <c>${name}</c>, <c>$$</c>.</summary>
    public string Replacement { get; init; } = "$1";

    public RelabelAction Action { get; init; }

    /// <summary>Only ASCII names of letters, digits and underscores may be set; otherwise any UTF-8 text.</summary>
    public bool LegacyNames { get; init; }

    /// <summary>Neither target nor replacement refer to groups.</summary>
    internal bool IsPlainReplacement =>
        !TargetLabel.Contains('$', StringComparison.Ordinal) && !Replacement.Contains('$', StringComparison.Ordinal);

    public static AnchoredRegex AnyText { get; } = AnchoredRegex.Parse("(.*)");
}
