using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Vigie.Configuration;
using Vigie.Configuration.Http;
using Vigie.Server.Hosting;

namespace Vigie.Commands;

/// <summary>HTTP clients of the commands that ask a server: as a file says (<c>--http.config.file</c>), or as the user in the server's URL.</summary>
static class ServerClient
{
    public static Option<string?> FileOption() => new("--http.config.file")
    {
        Description = "HTTP client configuration file to connect to the server: user, password, token, TLS.", Recursive = true,
    };

    /// <param name="file">Null: no credentials, the system's authorities.</param>
    /// <exception cref="IOException">The file cannot be read, or has errors; the message lists all.</exception>
    public static HttpClient Create(string? file, TimeSpan timeout) => new(new UserOfUrl(HandlerOf(file))) { Timeout = timeout };

    /// <exception cref="HttpRequestException">The server asks for a user, or for another one.</exception>
    public static void ThrowIfNotLetIn(HttpResponseMessage answer)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new HttpRequestException(
                $"{(int)answer.StatusCode} {answer.ReasonPhrase}; credentials come from --http.config.file or the server's URL");
        }
    }

    static readonly HttpClientConfig s_default = new() { Proxy = new ProxyConfig { FromEnvironment = true } };

    static HttpMessageHandler HandlerOf(string? file)
    {
        var files = new DiskConfigFiles();
        if (file is null) return HttpHandlers.Create(s_default, files);
        string text = files.ReadText(file) ?? throw new IOException($"path '{file}' does not exist");
        var problems = new ConfigProblems();
        var config = HttpClientConfigLoader.Load(file, text, problems);
        foreach (var warning in problems.Warnings) Console.Error.WriteLine($"WARNING: {warning}");
        return HttpHandlers.Create(config ?? throw new IOException($"Failed to load HTTP config file: {string.Join('\n', problems.Errors)}"), files);
    }

    /// <summary><c>http://user:password@host</c>, as Go's client takes it.</summary>
    sealed class UserOfUrl(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri is { UserInfo.Length: > 0 } url && request.Headers.Authorization is null)
            {
                string credentials = Uri.UnescapeDataString(url.UserInfo);
                if (!credentials.Contains(':', StringComparison.Ordinal)) credentials += ":";
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
            }
            return base.SendAsync(request, cancellationToken);
        }
    }
}
