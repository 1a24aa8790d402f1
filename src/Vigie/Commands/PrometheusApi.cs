using System.Text.Json;

namespace Vigie.Commands;

/// <summary>The HTTP API of a Prometheus, as the commands ask it.</summary>
sealed class PrometheusApi(HttpClient http, string server)
{
    /// <summary>Asks <c>/api/v1/<paramref name="path"/></c>.</summary>
    /// <param name="headers">KEY=VALUE each.</param>
    /// <returns>The whole answer, which is a success; the caller disposes it.</returns>
    /// <exception cref="PrometheusApiException">The server said no, cannot be reached, or answers something else.</exception>
    public async Task<JsonDocument> AskAsync(
        string path, IEnumerable<(string Name, string Value)> parameters, IEnumerable<string> headers, CancellationToken cancellation)
    {
        string query = string.Join('&', parameters.Select(static one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}"));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.TrimEnd('/')}/api/v1/{path}?{query}");
            foreach (string header in headers)
            {
                int at = header.IndexOf('=', StringComparison.Ordinal);
                if (at <= 0) throw new PrometheusApiException($"cannot parse {Model.GoText.Quote(header)} to a header, expected KEY=VALUE");
                request.Headers.TryAddWithoutValidation(header[..at], header[(at + 1)..]);
            }
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            ServerClient.ThrowIfNotLetIn(answer);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            var root = document.RootElement;
            if (root.GetProperty("status").GetString() == "success") return document;
            using (document)
                throw new PrometheusApiException($"{root.GetProperty("errorType").GetString()}: {root.GetProperty("error").GetString()}");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or JsonException or UriFormatException
            or InvalidOperationException or KeyNotFoundException)
        {
            throw new PrometheusApiException(problem.Message, problem);
        }
    }
}

/// <summary>There is no answer to print; the message says why.</summary>
sealed class PrometheusApiException(string message, Exception? inner = null) : Exception(message, inner);
