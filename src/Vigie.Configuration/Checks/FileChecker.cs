using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus;
using Vigie.Configuration.Rules;
using Vigie.Configuration.Web;

namespace Vigie.Configuration.Checks;

/// <summary>
/// Checks files as <c>promtool check config|rules</c> and <c>amtool check-config</c> do, with their words around our lists of problems. One
/// use,
/// one thread.
/// </summary>
/// <param name="output">What is checked and found.</param>
/// <param name="errors">Problems.</param>
public sealed class FileChecker(TextWriter output, TextWriter errors, IConfigFiles files, RuleTextChecks ruleChecks, CheckOptions options)
{
    /// <summary>Exit codes, as promtool has them.</summary>
    public const int Success = 0, Failure = 1, LintFailure = 3;

    bool _failed;
    bool _lintFailed;

    public int ExitCode => _failed ? Failure : _lintFailed && options.LintFatal ? LintFailure : Success;

    /// <summary>Checks Prometheus configurations and the rule files they name.</summary>
    public int CheckConfigs(IReadOnlyList<string> paths)
    {
        foreach (string path in paths) CheckConfig(path);
        return ExitCode;
    }

    public int CheckRules(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
            if (Read(path) is { } text) CheckRuleFile(path, text);
        return ExitCode;
    }

    /// <summary>Checks a rule file that has no path (standard input).</summary>
    public int CheckRuleText(string name, string text)
    {
        CheckRuleFile(name, text);
        return ExitCode;
    }

    public int CheckAlertmanagers(IReadOnlyList<string> paths)
    {
        int failures = 0;
        foreach (string path in paths)
            if (!CheckAlertmanager(path)) failures++;
        if (failures > 0) errors.WriteLine($"failed to validate {failures} file(s)");
        return ExitCode;
    }

    /// <summary>Checks web configurations, and the certificates they name.</summary>
    public int CheckWebConfigs(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            errors.WriteLine("error: required argument 'FILE' not provided");
            _failed = true;
        }
        foreach (string path in paths)
        {
            if (Read(path) is not { } text) continue;
            var problems = new ConfigProblems();
            bool isGood = WebConfigLoader.Load(path, text, files, problems) is not null;
            if (isGood) output.WriteLine($"{path} SUCCESS");
            else errors.WriteLine($"{path} FAILED: {string.Join('\n', problems.Errors)}");
            foreach (var warning in problems.Warnings) output.WriteLine($"  WARNING: {warning}");
            _failed |= !isGood;
        }
        return ExitCode;
    }

    void CheckConfig(string path)
    {
        if (Read(path) is not { } text) return;
        output.WriteLine($"Checking {path}");
        var problems = new ConfigProblems();
        var config = PrometheusConfigLoader.Load(path, text, files, problems, new PrometheusLoadOptions { IsAgent = options.IsAgent });
        if (config is not null && !options.SyntaxOnly) NamedFiles.Check(config, files, problems);
        if (config is not null && options.LintLongScrapeIntervals) LintIntervals(config);
        if (!Report(problems) || config is null) return;
        var patterns = options.SyntaxOnly ? [] : config.RuleFiles;
        string[] rules = [.. patterns.SelectMany(pattern => GlobPattern.Find(files, pattern)).Distinct(StringComparer.Ordinal)];
        if (rules.Length > 0) output.WriteLine($"  SUCCESS: {rules.Length} rule files found");
        output.WriteLine($" SUCCESS: {path} is valid prometheus config file syntax");
        output.WriteLine();
        CheckRules(rules);
    }

    void CheckRuleFile(string path, string text)
    {
        output.WriteLine($"Checking {path}");
        var problems = new ConfigProblems();
        var file = RuleFileLoader.Load(path, text, problems, ruleChecks);
        if (!Report(problems) || file is null) return;
        bool isClean = true;
        if (options.LintDuplicateRules)
        {
            foreach (string duplicate in DuplicateRules.Find(file))
            {
                isClean = false;
                errors.WriteLine("  FAILED:");
                errors.WriteLine(duplicate);
            }
        }
        if (isClean) output.WriteLine($"  SUCCESS: {file.Groups.Sum(static g => g.Rules.Count)} rules found");
        else _lintFailed = true;
        output.WriteLine();
    }

    bool CheckAlertmanager(string path)
    {
        if (Read(path) is not { } text) return false;
        output.Write($"Checking '{path}'");
        var problems = new ConfigProblems();
        var config = AlertmanagerConfigLoader.Load(path, text, problems);
        if (config is null)
        {
            output.WriteLine("  FAILED:");
            Report(problems);
            return false;
        }
        output.WriteLine("  SUCCESS");
        foreach (var warning in problems.Warnings) output.WriteLine($"  WARNING: {warning}");
        output.WriteLine("Found:");
        output.WriteLine(" - global config");
        output.WriteLine(" - route");
        output.WriteLine($" - {config.InhibitRules.Count} inhibit rules");
        output.WriteLine($" - {config.Receivers.Count} receivers");
        output.WriteLine($" - {config.Templates.Count} templates");
        output.WriteLine();
        return true;
    }

    void LintIntervals(PrometheusConfig config)
    {
        foreach (var job in config.ScrapeConfigs)
        {
            if (job.ScrapeInterval < options.LookBack) continue;
            _lintFailed = true;
            errors.WriteLine($"{job.Position}: lint error: long scrape interval found. Scrape interval of job {Model.GoText.Quote(job.JobName)} is "
                + $"{Model.GoDuration.Format(job.ScrapeInterval)}, longer than the look-back of queries ({Model.GoDuration.Format(options.LookBack)}): "
                + "graphs will have gaps");
        }
    }

    /// <summary>The text of a file, or null if there is none, which is reported.</summary>
    string? Read(string path)
    {
        try
        {
            if (files.ReadText(path) is { } text) return text;
            errors.WriteLine($"error: path '{path}' does not exist");
        }
        catch (IOException problem)
        {
            errors.WriteLine($"error: path '{path}' cannot be read: {problem.Message}");
        }
        _failed = true;
        return null;
    }

    /// <summary>Writes problems; true if none of them is an error.</summary>
    bool Report(ConfigProblems problems)
    {
        foreach (var warning in problems.Warnings) output.WriteLine($"  WARNING: {warning}");
        if (!problems.HasErrors) return true;
        _failed = true;
        errors.WriteLine("  FAILED:");
        foreach (var error in problems.Errors) errors.WriteLine(error);
        output.WriteLine();
        return false;
    }
}
