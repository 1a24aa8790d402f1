using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Relabelling;

/// <summary>A list of relabelling rules (Prometheus, docs/configuration/configuration.md, relabel_config).</summary>
static class RelabelSchema
{
    const string DefaultRegex = "(.*)", DefaultSeparator = ";", DefaultReplacement = "$1";

    public static SectionSchema Schema { get; } = new("relabel_config",
    [
        Texts("source_labels"), Text("separator").Or(DefaultSeparator), Text("regex").Or(DefaultRegex),
        new Field("modulus", ModulusType.Instance),
        Text("target_label"), Text("replacement").Or(DefaultReplacement), Text("action").Or("replace"),
    ], CheckAction);

    /// <summary>A field with a list of rules; <paramref name="emptyItem"/> is what upstream says of an item with nothing in it.</summary>
    public static Field Rules(string key, string emptyItem) => Subs(key, Schema, emptyItem);

    static void CheckAction(Section s, SectionReader reader)
    {
        string action = s.Text("action").ToLowerInvariant();
        s.Set("action", action);
        if (action.Length == 0) reader.Error(s, "action", "relabel action cannot be empty");
        else if (!Enum.TryParse<RelabelAction>(action, ignoreCase: true, out _) || !action.All(char.IsAsciiLetter))
            reader.Error(s, "action", $"unknown relabel action {GoText.Quote(action)}");
        try
        {
            AnchoredRegex.Parse(s.Text("regex"));
        }
        catch (FormatException problem)
        {
            reader.Error(s, "regex", problem.Message);
            s.Set("regex", DefaultRegex);
        }
    }

    /// <summary>Checks what depends on the naming scheme, and makes the rules.</summary>
    public static IReadOnlyList<RelabelRule> Build(IReadOnlyList<Section> sections, SectionReader reader, bool legacyNames)
    {
        if (sections.Count == 0) return [];
        var rules = new List<RelabelRule>(sections.Count);
        foreach (var section in sections)
        {
            if (!Enum.TryParse<RelabelAction>(section.Text("action"), ignoreCase: true, out var action)) continue;
            var rule = new RelabelRule
            {
                SourceLabels = section.Texts("source_labels"),
                Separator = section.Text("separator"),
                Regex = section.Text("regex") == DefaultRegex ? RelabelRule.AnyText : AnchoredRegex.Parse(section.Text("regex")),
                Modulus = (ulong)section["modulus"]!,
                TargetLabel = section.Text("target_label"),
                Replacement = section.Text("replacement"),
                Action = action,
                LegacyNames = legacyNames,
            };
            Validate(rule, section, reader);
            rules.Add(rule);
        }
        return rules;
    }

    static void Validate(RelabelRule rule, Section s, SectionReader reader)
    {
        string action = s.Text("action");
        bool isPlainReplacement = rule.Replacement == DefaultReplacement, isPlainSeparator = rule.Separator == DefaultSeparator;
        bool isPlainRegex = ReferenceEquals(rule.Regex, RelabelRule.AnyText);
        if (rule.Action == RelabelAction.HashMod && rule.Modulus == 0)
            reader.Error(s, "modulus", "relabel configuration for hashmod requires non-zero modulus");
        bool needsTarget = rule.Action is RelabelAction.Replace or RelabelAction.HashMod or RelabelAction.Lowercase or RelabelAction.Uppercase
            or RelabelAction.KeepEqual or RelabelAction.DropEqual;
        if (needsTarget && rule.TargetLabel.Length == 0)
            reader.Error(s, "target_label", $"relabel configuration for {action} action requires 'target_label' value");
        else if (needsTarget && !IsTarget(rule))
            reader.Error(s, "target_label", $"{GoText.Quote(rule.TargetLabel)} is invalid 'target_label' for {action} action");
        switch (rule.Action)
        {
            case RelabelAction.Lowercase or RelabelAction.Uppercase when !isPlainReplacement:
                reader.Error(s, "replacement", $"'replacement' can not be set for {action} action");
                break;
            case RelabelAction.LabelMap when !IsNameWithGroups(rule.Replacement, rule.LegacyNames):
                reader.Error(s, "replacement", $"{GoText.Quote(rule.Replacement)} is invalid 'replacement' for {action} action");
                break;
            case RelabelAction.KeepEqual or RelabelAction.DropEqual
                when !isPlainRegex || rule.Modulus != 0 || !isPlainSeparator || !isPlainReplacement:
                reader.Error(s, $"{action} action requires only 'source_labels' and `target_label`, and no other fields");
                break;
            case RelabelAction.LabelDrop or RelabelAction.LabelKeep when s["source_labels"] is not null || rule.TargetLabel.Length > 0
                || rule.Modulus != 0 || !isPlainSeparator || !isPlainReplacement:
                reader.Error(s, $"{action} action requires only 'regex', and no other fields");
                break;
        }
    }

    static bool IsTarget(RelabelRule rule) =>
        rule.Action == RelabelAction.Replace && rule.TargetLabel.Contains('$', StringComparison.Ordinal)
            ? IsNameWithGroups(rule.TargetLabel, rule.LegacyNames)
            : !rule.LegacyNames || Labels.IsLegacyName(rule.TargetLabel);

    static bool IsNameWithGroups(string text, bool legacyNames) => (legacyNames ? s_legacyName : s_anyName).IsMatch(text);

    static readonly GoRegex s_legacyName = GoRegex.Parse(@"\A(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+\z");

    static readonly GoRegex s_anyName = GoRegex.Parse(@"\A(?:(?:[^${]|\$(?:\{[^\${}]+\}|[^\${}]+))+[^\${}]*)+\z");

    /// <summary>An unsigned 64-bit number: all of them are allowed.</summary>
    sealed class ModulusType : ScalarType
    {
        public static ModulusType Instance { get; } = new();

        protected override string Expected => "a whole number from 0 up";
        public override object Zero => 0ul;

        protected override object? Parse(ConfigNode node, SectionReader reader, out string? problem)
        {
            problem = null;
            return !node.IsQuoted && PlainScalar.TryReadInteger(node.Text, out var value) && value >= 0
                && value <= ulong.MaxValue ? (ulong)value : null;
        }

        public override void Write(YamlWriter writer, object value) =>
            writer.Scalar(((ulong)value).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
