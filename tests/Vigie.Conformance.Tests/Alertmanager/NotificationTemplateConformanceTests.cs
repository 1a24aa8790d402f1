using System.Globalization;
using System.Text.Json.Nodes;
using Vigie.Alerting;
using Vigie.Conformance.Tests.Template;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>alertmanager/templates.json and notification_data.json: notification templates and the data they work on.</summary>
public sealed class NotificationTemplateConformanceTests
{
    static readonly Lazy<JsonNode> s_file =
        new(() => JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("alertmanager", "templates.json")))!);

    [Fact]
    public void Templates()
    {
        var functions = AlertmanagerFunctions.Set.With(new TemplateFunction("printFoo", 0, 0, static _ => "foo"));
        VectorFile.Check("alertmanager/templates.json", test =>
        {
            bool fails = (bool?)test["shouldFail"] == true;
            var output = (bool?)test["html"] == true ? TemplateOutput.Html : TemplateOutput.Text;
            object? dot = test["data"] is { } name ? Data(name.ToString()) : TemplateData.Read(test["dot"]);
            string text = test["template"]!.ToString(), actual;
            try
            {
                actual = text.Contains("printFoo", StringComparison.Ordinal)
                    ? new TemplateSet(functions).ExecuteText("", text, dot, new TemplateRun(), output)
                    : NotificationTemplates.BuiltIn.Expand(text, dot, new TemplateRun(), output);
            }
            catch (TemplateException problem)
            {
                return fails ? null : $"failed: {problem.Message}";
            }
            if (fails) return $"gave {actual}, expected the error {test["error"]}";
            return actual == test["expected"]!.ToString() ? null : $"{text} gave\n{actual}\nexpected\n{test["expected"]}";
        });
    }

    [Fact]
    public void EveryTemplateNameIsBuiltIn()
    {
        if (!ConformanceData.IsPresent) return;
        Assert.All(s_file.Value["templateNames"]!.AsArray(), name => Assert.True(NotificationTemplates.BuiltIn.Has(name!.ToString()), name.ToString()));
    }

    [Fact]
    public void DataAsJson() => VectorFile.Check("alertmanager/notification_data.json", test =>
    {
        string actual = NotificationTemplates.BuiltIn.Expand("{{ toJson . }}", Data(test["data"]!.ToString()), new TemplateRun());
        return JsonNode.DeepEquals(JsonNode.Parse(actual), test["json"]) ? null : $"gave {actual}";
    });

    static NotificationData Data(string name)
    {
        var node = s_file.Value["datas"]![name]!;
        var alerts = node["alerts"]!.AsArray().Select(alert =>
        {
            bool resolved = alert!["Status"]!.ToString() == "resolved";
            return new NotificationAlert(resolved, TemplateData.Labels(alert["Labels"]), TemplateData.Labels(alert["Annotations"]),
                Time(alert["StartsAt"]!), resolved ? Time(alert["EndsAt"]!) : null, alert["GeneratorURL"]!.ToString());
        });
        return new NotificationData(node["receiver"]!.ToString(), node["externalURL"]!.ToString(), TemplateData.Labels(node["groupLabels"]),
            [.. alerts], "first notification", TemplateData.Labels(node["routeLabels"]));
    }

    static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse(node.ToString(), CultureInfo.InvariantCulture);
}
