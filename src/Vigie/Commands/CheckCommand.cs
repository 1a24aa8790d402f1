using System.CommandLine;
using Vigie.Configuration.Checks;
using Vigie.PromQL;
using Vigie.Rules;
using Vigie.Server.Hosting;

namespace Vigie.Commands;

/// <summary>`vigie check config|rules|alertmanager|web-config FILE…`, `healthy`, `ready`: what promtool and amtool check, with every problem at once.</summary>
static class CheckCommand
{
    static readonly Option<string> s_lint = new("--lint")
    {
        Description = "Linting checks to apply: all, duplicate-rules, too-long-scrape-interval, none; several with commas.",
        DefaultValueFactory = static _ => "duplicate-rules",
    };

    static readonly Option<bool> s_lintFatal = new("--lint-fatal") { Description = "Make lint errors exit with exit code 3." };
    static readonly Option<bool> s_syntaxOnly = new("--syntax-only") { Description = "Only check the syntax, not the files it names." };
    static readonly Option<bool> s_agent = new("--agent") { Description = "Check the config file for an agent." };

    public static Command Create() => new("check", "Check files for validity.")
    {
        Sub("config", "Check if the Prometheus configuration files are valid, and the rule files they name.",
            static (checker, paths) => checker.CheckConfigs(paths), s_lint, s_lintFatal, s_syntaxOnly, s_agent),
        Sub("rules", "Check if the rule files are valid; without a file, standard input.", CheckRules, s_lint, s_lintFatal),
        Sub("alertmanager", "Check if the Alertmanager configuration files are valid.", static (checker, paths) =>
            checker.CheckAlertmanagers(paths)),
        Sub("web-config", "Check if the web config files (--web.config.file) are valid, and the certificates they name.", static (checker, paths) =>
            checker.CheckWebConfigs(paths)),
        CheckServerCommand.Healthy(),
        CheckServerCommand.Ready(),
    };

    static Command Sub(string name, string description, Func<FileChecker, string[], int> check, params ReadOnlySpan<Option> options)
    {
        var paths = new Argument<string[]>("FILE") { Arity = ArgumentArity.ZeroOrMore, Description = "The files to check." };
        var command = new Command(name, description) { paths };
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var choices = new CheckOptions
            {
                LintFatal = parsed.GetValue(s_lintFatal),
                SyntaxOnly = parsed.GetValue(s_syntaxOnly),
                IsAgent = parsed.GetValue(s_agent),
            };
            string lint = parsed.GetValue(s_lint) ?? "duplicate-rules";
            if (!CheckOptions.TryReadLint(lint, choices, out choices))
                Console.Error.WriteLine($"WARNING: found the lint option {lint}, expected all, duplicate-rules, too-long-scrape-interval or none");
            var checker = new FileChecker(Console.Out, Console.Error, new DiskConfigFiles(), RuleFileCheck.For(ParserOptions.Default),
                choices);
            return check(checker, parsed.GetValue(paths) ?? []);
        });
        return command;
    }

    static int CheckRules(FileChecker checker, string[] paths) =>
        paths.Length > 0 ? checker.CheckRules(paths) : checker.CheckRuleText("standard input", Console.In.ReadToEnd());
}
