using System.Text;
using Vigie.Configuration;
using Vigie.Configuration.Yaml;

namespace Vigie.Conformance.Tests.Configuration;

/// <summary>YAML in a form that can be compared: nested keys and values, without the accidents of quoting and folding.</summary>
static class YamlTree
{
    public static string Normalize(string yaml)
    {
        var problems = new ConfigProblems();
        var node = YamlReader.Read("effective.yml", yaml, problems);
        if (node is null || problems.HasErrors) return $"not YAML: {problems}";
        var output = new StringBuilder();
        Append(output, node, 0);
        return output.ToString();
    }

    static void Append(StringBuilder output, ConfigNode node, int depth)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Map:
                foreach (var (key, value) in node.Entries)
                {
                    output.Append('\n').Append(' ', depth).Append(key.Text).Append(": ");
                    Append(output, value, depth + 1);
                }
                break;
            case ConfigNodeKind.List:
                foreach (var item in node.Items)
                {
                    output.Append('\n').Append(' ', depth).Append("- ");
                    Append(output, item, depth + 1);
                }
                break;
            default:
                output.Append(node.Kind).Append(' ').Append(node.Text);
                break;
        }
    }
}
