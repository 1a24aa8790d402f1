namespace Vigie.Configuration.Prometheus;

/// <summary>How OTLP metrics become samples.</summary>
public sealed record OtlpConfig
{
    public bool PromoteAllResourceAttributes { get; init; }
    public IReadOnlyList<string> PromoteResourceAttributes { get; init; } = [];
    public IReadOnlyList<string> IgnoreResourceAttributes { get; init; } = [];

    /// <summary>UnderscoreEscapingWithSuffixes, UnderscoreEscapingWithoutSuffixes, NoUTF8EscapingWithSuffixes or NoTranslation.</summary>
    public string TranslationStrategy { get; init; } = "UnderscoreEscapingWithSuffixes";

    public bool KeepIdentifyingResourceAttributes { get; init; }
    public bool ConvertHistogramsToNhcb { get; init; }
    public bool PromoteScopeMetadata { get; init; }
    public bool LabelNameUnderscoreSanitization { get; init; } = true;
    public bool LabelNamePreserveMultipleUnderscores { get; init; } = true;
}
