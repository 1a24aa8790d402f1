using System.Globalization;
using System.Text.Json.Nodes;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Template;

/// <summary>template/prometheus_templates.json: templates of rules and consoles.</summary>
public sealed class PrometheusTemplateConformanceTests
{
    static readonly DateTimeOffset s_now = DateTimeOffset.Parse("2012-11-24T11:14:12Z", CultureInfo.InvariantCulture);

    [Fact]
    public void Templates() => VectorFile.Check("template/prometheus_templates.json", test =>
    {
        bool fails = (bool?)test["shouldFail"] == true;
        string? expected = test["expected"]?.ToString();
        string actual;
        try
        {
            actual = Run(test);
        }
        catch (TemplateException problem)
        {
            return fails ? null : $"failed: {problem.Message}, expected {expected}";
        }
        if (fails) return $"gave {actual}, expected the error {test["error"]}";
        // A pointer is printed as its address: not a value one can expect.
        if (expected!.StartsWith("[0x", StringComparison.Ordinal)) return null;
        return actual == expected ? null : $"{test["template"]} gave\n{actual}\nexpected\n{expected}";
    });

    static string Run(JsonNode test)
    {
        const string ExternalUrl = "http://testhost:9090/path/prefix";
        var context = new PrometheusTemplateContext(query => Samples(test["anyQuery"] ?? test["queries"]?[query]), ExternalUrl);
        var output = (bool?)test["html"] == true ? TemplateOutput.Html : TemplateOutput.Text;
        string text = test["template"]!.ToString();
        if (test["alert"] is not { } alert)
            return new TemplateSet(PrometheusFunctions.Set)
                .ExecuteText("test", text, TemplateData.Read(test["data"]), new TemplateRun { Now = s_now, Context = context }, output);
        var data = new AlertTemplateData(
            TemplateData.Labels(alert["labels"]), TemplateData.Labels(alert["externalLabels"]), ExternalUrl, TemplateData.Float(alert["value"]!.ToString()));
        return AlertTemplate.Parse("test", text).Expand(data, context, s_now, output);
    }

    static TemplateSample[] Samples(JsonNode? result) => result is null
        ? []
        : [.. result.AsArray().Select(sample => new TemplateSample(
            TemplateData.Labels(sample!["labels"]), TemplateData.Float(sample["value"]!.ToString())))];
}
