using System.Text.RegularExpressions;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>Configurations out of the pieces that the data holds.</summary>
static partial class AlertmanagerConfigs
{
    /// <summary>Loads a text after adding what it refers to and lacks: receivers and time intervals.</summary>
    public static AlertmanagerConfig Load(string text)
    {
        if (!text.Contains("\nreceivers:", StringComparison.Ordinal))
        {
            text += "\nreceivers:\n" + string.Concat(ReceiverNames().Matches(text).Select(static match => match.Groups[1].Value).Distinct()
                .Select(static name => $"- name: {name}\n"));
        }
        if (!text.Contains("\ntime_intervals:", StringComparison.Ordinal) && TimeIntervalNames().IsMatch(text))
        {
            text += "\ntime_intervals:\n" + string.Concat(TimeIntervalNames().Matches(text).SelectMany(static match => match.Groups[1].Value.Split(','))
                .Select(static name => name.Trim()).Distinct().Select(static name => $"- name: {name}\n  time_intervals: [{{years: ['1999']}}]\n"));
        }
        var problems = new ConfigProblems();
        return AlertmanagerConfigLoader.Load("alertmanager.yml", text, problems)
            ?? throw new InvalidDataException(string.Join('\n', problems.Errors) + "\n" + text);
    }

    [GeneratedRegex(@"receiver: *([^\s,}]+)")]
    private static partial Regex ReceiverNames();

    [GeneratedRegex(@"(?:mute|active)_time_intervals: *\[([^\]]*)\]")]
    private static partial Regex TimeIntervalNames();
}
