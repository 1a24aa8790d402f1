using System.Globalization;
using Vigie.Alerting;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Conformance.Tests.Template;
using Vigie.Model;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>alertmanager/inhibition.json and time_intervals.json.</summary>
public sealed class MutingConformanceTests
{
    [Fact]
    public void Inhibition() => VectorFile.Check("alertmanager/inhibition.json", test =>
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        string rules = test["inhibit_rules"]!.ToString();
        AlertmanagerConfig config;
        try
        {
            config = AlertmanagerConfigs.Load("route:\n  receiver: r\ninhibit_rules:\n" + rules);
        }
        catch (InvalidDataException problem)
        {
            return (bool?)test["ok"] == false || test["error"] is not null ? null : problem.Message;
        }
        var inhibitor = new Inhibitor(config.InhibitRules);
        foreach (var alert in test["alerts"]!.AsArray())
        {
            bool resolved = (bool?)alert!["resolved"] == true;
            inhibitor.Add(new ActiveAlert(
                TemplateData.Labels(alert["labels"]), Labels.Empty, now.AddHours(-1), resolved ? now.AddMinutes(-1) : now.AddHours(1), false, now, ""));
        }
        foreach (var target in test["targets"]!.AsArray())
        {
            var labels = TemplateData.Labels(target!["labels"]);
            bool muted = inhibitor.SourceMuting(labels, now) is not null;
            if (muted != (bool)target["muted"]!) return $"{labels} muted: {muted}, expected {target["muted"]}";
        }
        return null;
    });

    [Fact]
    public void TimeIntervals() => VectorFile.Check("alertmanager/time_intervals.json", test =>
    {
        var problems = new ConfigProblems();
        var ranges = AlertmanagerConfigLoader.LoadTimeRanges("time_intervals.yml", test["time_intervals"]!.ToString(), problems);
        if (!(bool)test["ok"]!) return ranges is null ? null : $"accepted, expected {test["error"]}";
        if (ranges is null) return $"refused: {string.Join('\n', problems.Errors)}";
        foreach (var probe in test["contains"]?.AsArray() ?? [])
        {
            var moment = DateTimeOffset.Parse(probe![0]!.ToString(), CultureInfo.InvariantCulture);
            bool contained = TimeIntervalSet.Contains(ranges, moment);
            if (contained != (bool)probe[1]!) return $"{probe[0]} contained: {contained}, expected {probe[1]}";
        }
        return null;
    });
}
