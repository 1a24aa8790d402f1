using System.CommandLine;
using Vigie.Commands;

var root = new RootCommand("Vigie, the lookout: metrics, rules, alerts and dashboards in one process, on the files you already have.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    TestCommand.Create(),
    QueryCommand.Create(),
    PromQLCommand.Create(),
    TsdbCommand.Create(),
    BackupCommand.CreateBackup(),
    BackupCommand.CreateRestore(),
};
var parsed = root.Parse(args);
// Like Prometheus and Alertmanager: 2 for a command line that cannot be understood.
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine("vigie: " + error.Message);
    Console.Error.WriteLine($"Run 'vigie {(args.Length > 0 ? args[0] + " " : "")}--help' for the flags.");
    return 2;
}
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
