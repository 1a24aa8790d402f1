using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Relabel;

/// <summary>relabel/relabel.json: rules applied to a label set.</summary>
public sealed class RelabelConformanceTests
{
    [Fact]
    public void Rules() => VectorFile.Check("relabel/relabel.json", test =>
    {
        var problems = new ConfigProblems();
        bool legacy = test["validation"]!.ToString() == "legacy";
        var rules = PrometheusConfigLoader.LoadRelabelRules("relabel.yml", test["relabel_configs"]!.ToString(), problems, legacy);
        if (test["error"] is { } error)
        {
            if (rules is not null) return $"accepted, expected {error}";
            // Texts of the YAML and regexp libraries need not be the same.
            bool isLibraryText = error.ToString().StartsWith("yaml:", StringComparison.Ordinal)
                || error.ToString().Contains("regexp", StringComparison.Ordinal);
            return isLibraryText || problems.Errors.Any(p => p.Message == error.ToString()) ? null : $"found {problems}, expected {error}";
        }
        if (rules is null) return $"refused: {problems}";
        var labels = new LabelsBuilder();
        foreach (var (name, value) in test["input"]!.AsObject()) labels.Set(name, value!.ToString());
        bool keep = Relabeller.Apply(labels, rules);
        if (keep != (bool)test["keep"]!) return $"keep is {keep}";
        if (!keep) return null;
        var expected = Labels.From(test["output"]!.AsObject().Select(static p => KeyValuePair.Create(p.Key, p.Value!.ToString())));
        return labels.Build() == expected ? null : $"found {labels.Build()}, expected {expected}";
    });
}
