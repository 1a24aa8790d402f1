using System.CommandLine;

namespace Vigie.Commands;

/// <summary>`vigie check healthy|ready`: what promtool asks a server, with its words and exit codes.</summary>
static class CheckServerCommand
{
    public static Command Healthy() => Create("healthy", "Check if the Prometheus server is healthy.");

    public static Command Ready() => Create("ready", "Check if the Prometheus server is ready.");

    static Command Create(string name, string description)
    {
        var url = new Option<string>("--url") { Description = "The URL for the Prometheus server.", DefaultValueFactory = static _ => "http://localhost:9090" };
        var httpConfig = ServerClient.FileOption();
        var command = new Command(name, description) { url, httpConfig };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                using var http = ServerClient.Create(parsed.GetValue(httpConfig), TimeSpan.FromSeconds(10));
                string server = parsed.GetValue(url)!.TrimEnd('/');
                using var answer = await http.GetAsync($"{server}/-/{name}", cancellation);
                if (!answer.IsSuccessStatusCode) throw new IOException($"check failed: URL={server}, status={(int)answer.StatusCode}");
                Console.Error.WriteLine($"  SUCCESS:  {await answer.Content.ReadAsStringAsync(cancellation)}");
                return 0;
            }
            catch (Exception problem) when (problem is IOException or HttpRequestException or UriFormatException or InvalidOperationException
                || (problem is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
        });
        return command;
    }
}
