using System.CommandLine;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Prometheus;
using Vigie.Configuration.Rules;
using Vigie.PromQL;
using Vigie.Rules;
using Vigie.Server.Hosting;

namespace Vigie.Commands;

/// <summary>`vigie check config|rules|alertmanager FILE…`: what promtool and amtool check, with every problem at once.</summary>
static class CheckCommand
{
    static readonly DiskConfigFiles Files = new();

    public static Command Create() => new("check", "Check files for validity.")
    {
        Sub("config", "Check if the Prometheus configuration files are valid, and the rule files they name.", CheckPrometheus),
        Sub("rules", "Check if the rule files are valid.", CheckRules),
        Sub("alertmanager", "Check if the Alertmanager configuration files are valid.", CheckAlertmanager),
    };

    /// <param name="check">Reads one file; returns what was found, or null if it cannot be used.</param>
    static Command Sub(string name, string description, Func<string, string, ConfigProblems, string?> check)
    {
        var paths = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "The files to check." };
        var command = new Command(name, description) { paths };
        command.SetAction(parsed =>
        {
            bool failed = false;
            foreach (string path in parsed.GetValue(paths)!) failed |= !Check(path, check);
            return failed ? 1 : 0;
        });
        return command;
    }

    static bool Check(string path, Func<string, string, ConfigProblems, string?> check)
    {
        Console.WriteLine($"Checking {path}");
        var problems = new ConfigProblems();
        string? found = null;
        try
        {
            if (Files.ReadText(path) is { } text) found = check(path, text, problems);
            else problems.Error(new SourcePosition(path, 0, 0), "", "found no such file");
        }
        catch (IOException problem)
        {
            problems.Error(new SourcePosition(path, 0, 0), "", $"cannot be read: {problem.Message}");
        }
        foreach (var warning in problems.Warnings) Console.WriteLine($"  WARNING: {warning}");
        foreach (var error in problems.Errors) Console.WriteLine($"  FAILED: {error}");
        if (!problems.HasErrors) Console.WriteLine($"  SUCCESS: {found}");
        Console.WriteLine();
        return !problems.HasErrors;
    }

    static string? CheckPrometheus(string path, string text, ConfigProblems problems)
    {
        if (PrometheusConfigLoader.Load(path, text, Files, problems) is not { } config) return null;
        var rules = RuleFileLoader.LoadAll(config.RuleFiles, Files, problems, RuleFileCheck.For(ParserOptions.Default));
        return $"{path} is valid prometheus config file syntax; {rules.Count} rule files, {CountOf(rules)} rules found";
    }

    static string? CheckRules(string path, string text, ConfigProblems problems) =>
        RuleFileLoader.Load(path, text, problems, RuleFileCheck.For(ParserOptions.Default)) is { } file ? $"{CountOf([file])} rules found" : null;

    static string? CheckAlertmanager(string path, string text, ConfigProblems problems)
    {
        if (AlertmanagerConfigLoader.Load(path, text, problems) is not { } config) return null;
        int templates = config.Templates.Sum(pattern => GlobPattern.Find(Files, pattern).Count);
        return $"global config, route, {config.InhibitRules.Count} inhibit rules, {config.Receivers.Count} receivers, {templates} templates found";
    }

    static int CountOf(IReadOnlyList<RuleFile> files) => files.Sum(file => file.Groups.Sum(group => group.Rules.Count));
}
