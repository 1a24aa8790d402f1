using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Model;

/// <summary>Applies relabelling rules to a label set (Prometheus, docs/configuration/configuration.md, relabel_config).</summary>
public static class Relabeller
{
    /// <summary>Applies the rules in order.</summary>
    /// <returns>False if a rule dropped the set; <paramref name="labels"/> is then as far as it had come.</returns>
    public static bool Apply(LabelsBuilder labels, IReadOnlyList<RelabelRule> rules)
    {
        for (int i = 0; i < rules.Count; i++)
            if (!Apply(labels, rules[i])) return false;
        return true;
    }

    public static bool Apply(LabelsBuilder labels, RelabelRule rule)
    {
        switch (rule.Action)
        {
            case RelabelAction.Drop:
                return !rule.Regex.IsMatch(SourceValue(labels, rule));
            case RelabelAction.Keep:
                return rule.Regex.IsMatch(SourceValue(labels, rule));
            case RelabelAction.DropEqual:
                return labels[rule.TargetLabel] != SourceValue(labels, rule);
            case RelabelAction.KeepEqual:
                return labels[rule.TargetLabel] == SourceValue(labels, rule);
            case RelabelAction.Replace:
                Replace(labels, rule, SourceValue(labels, rule));
                return true;
            case RelabelAction.Lowercase:
                labels.Set(rule.TargetLabel, SourceValue(labels, rule).ToLowerInvariant());
                return true;
            case RelabelAction.Uppercase:
                labels.Set(rule.TargetLabel, SourceValue(labels, rule).ToUpperInvariant());
                return true;
            case RelabelAction.HashMod:
                ulong bucket = Hash(SourceValue(labels, rule)) % rule.Modulus;
                labels.Set(rule.TargetLabel, bucket.ToString(CultureInfo.InvariantCulture));
                return true;
            case RelabelAction.LabelMap:
                foreach (var label in labels.Pairs.ToArray())
                    if (rule.Regex.Match(label.Name) is { } match) labels.Set(rule.Regex.Expand(rule.Replacement, match), label.Value);
                return true;
            case RelabelAction.LabelDrop:
                foreach (var label in labels.Pairs.ToArray())
                    if (rule.Regex.IsMatch(label.Name)) labels.Remove(label.Name);
                return true;
            default:
                foreach (var label in labels.Pairs.ToArray())
                    if (!rule.Regex.IsMatch(label.Name)) labels.Remove(label.Name);
                return true;
        }
    }

    static void Replace(LabelsBuilder labels, RelabelRule rule, string value)
    {
        if (rule.IsPlainReplacement && ReferenceEquals(rule.Regex, RelabelRule.AnyText))
        {
            labels.Set(rule.TargetLabel, rule.Replacement);
            return;
        }
        if (rule.Regex.Match(value) is not { } match) return;
        string target = rule.Regex.Expand(rule.TargetLabel, match);
        if (target.Length == 0 || (rule.LegacyNames && !Labels.IsLegacyName(target))) return;
        labels.Set(target, rule.Regex.Expand(rule.Replacement, match));
    }

    static string SourceValue(LabelsBuilder labels, RelabelRule rule)
    {
        var names = rule.SourceLabels;
        switch (names.Count)
        {
            case 0: return "";
            case 1: return labels[names[0]];
        }
        var value = new StringBuilder();
        for (int i = 0; i < names.Count; i++)
        {
            if (i > 0) value.Append(rule.Separator);
            value.Append(labels[names[i]]);
        }
        return value.ToString();
    }

    /// <summary>The last eight bytes of the MD5 sum, as upstream: buckets must be the same on every server of a sharded set.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "Names a bucket; protects nothing.")]
    static ulong Hash(string value)
    {
        Span<byte> sum = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(Encoding.UTF8.GetBytes(value), sum);
        return BinaryPrimitives.ReadUInt64BigEndian(sum[8..]);
    }
}
