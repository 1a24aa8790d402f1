using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Configuration;

/// <summary>config/prometheus: files with verdicts and, where known, the effective configuration.</summary>
public sealed class PrometheusConfigConformanceTests
{
    [Fact]
    public void Files() => VectorFile.Check("config/prometheus/outcomes.json", test =>
    {
        string file = test["file"]!.ToString();
        string folder = ConformanceData.PathOf("config", "prometheus", "files");
        var options = new PrometheusLoadOptions
        {
            IsAgent = (bool?)test["agentMode"] ?? false,
            Environment = static _ => null,
        };
        var problems = new ConfigProblems();
        var config = PrometheusConfigLoader.Load(file, File.ReadAllText(Path.Combine(folder, file)), new FolderFiles(folder), problems,
            options);
        if (!(bool)test["ok"]!) return CheckRefusal(test["errorContains"]!.ToString(), config, problems);
        if (config is null) return $"refused: {problems}";
        if (test["effective"] is not { } effective) return null;
        string found = YamlTree.Normalize(config.EffectiveYaml), expected = YamlTree.Normalize(effective.ToString());
        return found == expected ? null : FirstDifference(found, expected);
    });

    static string? CheckRefusal(string expected, PrometheusConfig? config, ConfigProblems problems)
    {
        if (config is not null) return $"accepted, expected {expected}";
        bool isLibraryText = expected.Contains("field ", StringComparison.Ordinal)
            || expected.Contains("unmarshal", StringComparison.Ordinal)
            || expected.Contains("\\xff", StringComparison.Ordinal) || expected.Contains("units:", StringComparison.Ordinal);
        return isLibraryText || expected.Contains("parsing YAML file", StringComparison.Ordinal)
            || problems.Errors.Any(p => p.Message.Contains(expected, StringComparison.Ordinal)) ? null
                : $"found {problems}, expected {expected}";
    }

    public static string FirstDifference(string found, string expected)
    {
        string[] left = found.Split('\n'), right = expected.Split('\n');
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            string l = i < left.Length ? left[i] : "nothing", r = i < right.Length ? right[i] : "nothing";
            if (l != r) return $"line {i}: found \"{l}\", expected \"{r}\"";
        }
        return "";
    }
}
