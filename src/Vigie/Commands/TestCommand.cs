using System.CommandLine;
using Vigie.Configuration;
using Vigie.PromQL;
using Vigie.PromQL.Testing;
using Vigie.Rules.UnitTests;
using Vigie.Server.Hosting;

namespace Vigie.Commands;

/// <summary>`vigie test rules FILE…` as promtool runs rule unit tests, `vigie test promql FILE…` for load/eval scripts.</summary>
static class TestCommand
{
    public static Command Create() => new("test", "Unit testing.") { Rules(), PromQL() };

    static Command Rules()
    {
        var paths = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "The unit test files." };
        var command = new Command("rules", "Unit tests for rules.") { paths };
        command.SetAction(async (parsed, cancellation) =>
        {
            var files = new DiskConfigFiles();
            bool failed = false;
            foreach (string path in parsed.GetValue(paths)!)
            {
                var problems = new ConfigProblems();
                var report = await RuleTestRunner.RunAsync(path, files, ParserOptions.AllExperimental, problems, cancellation);
                failed |= Report(path, [.. problems.Errors.Select(error => error.ToString()), .. report?.Failures.Select(failure => failure.ToString()) ?? []]);
            }
            return failed ? 1 : 0;
        });
        return command;
    }

    static Command PromQL()
    {
        var paths = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "Scripts of load and eval commands." };
        var command = new Command("promql", "Run load/eval scripts against the query engine.") { paths };
        command.SetAction((parsed, cancellation) =>
        {
            bool failed = false;
            foreach (string path in parsed.GetValue(paths)!)
            {
                try
                {
                    var script = PromqltestParser.Parse(path, new DiskConfigFiles().ReadText(path) ?? throw new FormatException($"{path}: found no such file"));
                    var report = new PromqltestRunner(new PromqltestOptions(), TimeProvider.System).Run(script, cancellation);
                    int passed = report.Evaluations - report.Failures.Count;
                    failed |= Report($"{path}: {passed} of {report.Evaluations} evaluations", [.. report.Failures.Select(failure => failure.ToString())]);
                }
                catch (FormatException problem)
                {
                    failed |= Report(path, [problem.Message]);
                }
            }
            return Task.FromResult(failed ? 1 : 0);
        });
        return command;
    }

    static bool Report(string what, IReadOnlyList<string> failures)
    {
        Console.WriteLine($"Unit Testing:  {what}");
        if (failures.Count == 0) Console.WriteLine("  SUCCESS");
        else
        {
            Console.WriteLine("  FAILED:");
            foreach (string failure in failures) Console.WriteLine("    " + failure);
        }
        Console.WriteLine();
        return failures.Count > 0;
    }
}
