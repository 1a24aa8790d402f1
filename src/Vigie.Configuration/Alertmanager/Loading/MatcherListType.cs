using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>A list of matcher texts; sorted, and printed in Alertmanager's form.</summary>
sealed class MatcherListType : FieldType
{
    public static MatcherListType Instance { get; } = new();

    public override bool IsZero(object? value) => value is null or IReadOnlyList<LabelMatcher> { Count: 0 };

    public override object? Read(ConfigNode node, SectionReader reader, string path)
    {
        if (TextListType.Plain.Read(node, reader, path) is not IReadOnlyList<string> texts) return null;
        var matchers = new List<LabelMatcher>();
        for (int i = 0; i < texts.Count; i++)
        {
            try
            {
                matchers.AddRange(AlertMatchers.Parse(texts[i]));
            }
            catch (FormatException problem)
            {
                var at = node.Kind == ConfigNodeKind.List ? node.Items[i] : node;
                reader.Error(at, $"{path}[{i}]",
                    $"found {GoText.Quote(texts[i])}, expected a matcher such as severity=\"critical\": {problem.Message}");
            }
        }
        return AlertMatchers.Sort(matchers);
    }

    public override void Write(YamlWriter writer, object value) =>
        TextListType.Plain.Write(writer, ((IReadOnlyList<LabelMatcher>)value).Select(AlertMatchers.Format).ToList());
}
