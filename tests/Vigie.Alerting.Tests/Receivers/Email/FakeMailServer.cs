using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigie.Alerting.Tests.Receivers.Email;

/// <summary>A mail server on the loopback interface that answers as told and keeps what it is told.</summary>
sealed class FakeMailServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly string _extensions;

    /// <param name="extensions">Lines of the answer to EHLO.</param>
    public FakeMailServer(params string[] extensions)
    {
        _extensions = string.Concat(extensions.Select(static extension => $"250-{extension}\r\n"));
        _listener.Start();
        Serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public List<string> Commands { get; } = [];
    public string Mail { get; private set; } = "";
    public Task Serving { get; }

    /// <summary>The answer to a command, or null for the usual one.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    public void Dispose() => _listener.Stop();

    async Task ServeAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.test ESMTP");
        while (await reader.ReadLineAsync() is { } line)
        {
            Commands.Add(line);
            string answer = Answer(line) ?? line.Split(' ')[0].ToUpperInvariant() switch
            {
                "EHLO" => $"250-mail.test\r\n{_extensions}250 HELP",
                "DATA" => "354 go ahead",
                "QUIT" => "221 bye",
                "AUTH" => "235 welcome",
                _ => "250 fine",
            };
            await writer.WriteLineAsync(answer);
            if (line == "DATA") await ReadMailAsync(reader, writer);
            if (line == "QUIT") return;
        }
    }

    async Task ReadMailAsync(StreamReader reader, StreamWriter writer)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".") mail.Append(line).Append('\n');
        Mail = mail.ToString();
        await writer.WriteLineAsync("250 queued");
    }
}
