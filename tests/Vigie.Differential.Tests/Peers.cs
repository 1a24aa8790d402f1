using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Vigie.Testing;

namespace Vigie.Differential.Tests;

/// <summary>Real servers to compare with.</summary>
static class Peers
{
    static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>The newest Prometheus at hand; version 2 has other range semantics and cannot serve.</summary>
    public static string RequirePrometheus3()
    {
        string?[] candidates = [PeerPrograms.Newest("prometheus"), PeerPrograms.OnPath("prometheus")];
        string? found = candidates.FirstOrDefault(static one => one is not null && Version(one).Contains("version 3.", StringComparison.Ordinal));
        Assert.SkipWhen(found is null, "no Prometheus 3 at hand: set VIGIE_PEERS to the folder of one");
        return found!;
    }

    /// <summary>Sends one remote write 1.0 request, encoded and compressed, which must be taken.</summary>
    public static async Task WriteAsync(string server, byte[] request)
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var answer = await s_http.PostAsync(server + "/api/v1/write", content);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, $"{server}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    static string Version(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
    }
}
