using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Alerting;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Conformance.Tests.Configuration;
using Vigie.Server.Surfaces.Alertmanager;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.Alertmanager;

/// <summary>alertmanager/api_v2.json: a sequence of requests on a real port and their answers.</summary>
public sealed class AlertmanagerApiConformanceTests : IDisposable
{
    /// <summary>Leaves the angle brackets of placeholders as they are.</summary>
    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly ManualTimeProvider _clock = new();
    readonly Dictionary<string, string> _ids = [];
    readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Requests()
    {
        const string File = "alertmanager/api_v2.json";
        if (!ConformanceData.IsPresent) return;
        var vectors = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(ConformanceData.PathOf(File.Split('/')),
            TestContext.Current.CancellationToken))!;
        using var service = AlertmanagerService.Open(
            new AlertmanagerOptions { Directory = "alertmanager", ExternalUrl = "http://am.example" }, Load(vectors["config"]!.ToString()),
            new FolderFiles("/nonexistent"), new CrashableFileSystem(1), _clock, NullLogger.Instance);
        await using var app = await StartAsync(service);
        var failures = new List<string>();
        var steps = vectors["cases"]!.AsArray();
        foreach (var step in steps)
        {
            if (await CheckAsync(step!) is { } failure) failures.Add($"step {step!["step"]} {step["method"]} {step["path"]}: {failure}");
            if (step!["thenWaitSeconds"] is { } seconds)
                await _clock.AdvanceInStepsAsync(TimeSpan.FromSeconds((double)seconds), TimeSpan.FromMilliseconds(500));
        }
        ConformanceReport.Add(File, steps.Count, failures);
    }

    static AlertmanagerConfig Load(string yaml)
    {
        var problems = new ConfigProblems();
        return AlertmanagerConfigLoader.Load("alertmanager.yml", yaml, problems) ?? throw new ConfigException(problems);
    }

    async Task<WebApplication> StartAsync(AlertmanagerService service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddResponseCompression();
        var app = builder.Build();
        AlertmanagerSurface.Configure(app,
            new AlertmanagerServices { Alertmanager = service, Clock = _clock, ReloadAsync = static _ => Task.CompletedTask });
        await app.StartAsync(TestContext.Current.CancellationToken);
        _client.BaseAddress = new Uri(app.Urls.First());
        return app;
    }

    async Task<string?> CheckAsync(JsonNode step)
    {
        // Upstream has removed version 1; here it is served.
        if (step["path"]!.ToString().StartsWith("/api/v1", StringComparison.Ordinal)) return null;
        using var request = new HttpRequestMessage(new HttpMethod(step["method"]!.ToString()), UrlOf(step));
        if (BodyOf(step) is { } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)answer.StatusCode != (int)step["status"]!)
            return $"found status {(int)answer.StatusCode} {text}, expected {step["status"]}";
        string? type = answer.Content.Headers.ContentType?.ToString();
        if (type != step["contentType"]?.ToString()) return $"found content type {type}, expected {step["contentType"]}";
        bool isJson = type == "application/json";
        JsonNode found = isJson ? JsonNode.Parse(text)! : JsonValue.Create(text)!;
        if (step["saveSilenceIdAs"] is { } name && found is JsonObject created)
            _ids[name.ToString()] = created["silenceID"]?.ToString() ?? "";
        return Difference(found, step["response"]!, "");
    }

    string UrlOf(JsonNode step)
    {
        var query = step["params"]!.AsArray().Select(static p => $"{p![0]}={Uri.EscapeDataString(p[1]!.ToString())}");
        return WithIds(step["path"]!.ToString()) + (query.Any() ? "?" + string.Join('&', query) : "");
    }

    string? BodyOf(JsonNode step)
    {
        if (step["requestText"] is { } text) return text.ToString();
        if (step["request"] is not { } request) return null;
        var copy = request.DeepClone();
        foreach (var item in copy is JsonArray list ? list.ToArray() : [copy])
        {
            Set(item!, "startsAt", item!["endsAt"]?.ToString() == "<time>" ? _clock.GetUtcNow().AddHours(-2) : _clock.GetUtcNow());
            Set(item!, "endsAt", _clock.GetUtcNow().AddHours(-1));
        }
        return WithIds(copy.ToJsonString(s_plain));
    }

    static void Set(JsonNode item, string key, DateTimeOffset time)
    {
        if (item[key]?.ToString() == "<time>") item[key] = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    string WithIds(string text) => _ids.Aggregate(text, static (t, id) => t.Replace($"<id:{id.Key}>", id.Value, StringComparison.Ordinal));

    string? Difference(JsonNode? found, JsonNode? expected, string path)
    {
        switch (expected)
        {
            case JsonObject wanted when found is JsonObject have:
                if (!have.Select(static p => p.Key).Order().SequenceEqual(wanted.Select(static p => p.Key).Order())) break;
                return wanted.Select(p => Difference(have[p.Key], p.Value, $"{path}.{p.Key}")).FirstOrDefault(static d => d is not null);
            case JsonArray wanted when found is JsonArray have && have.Count == wanted.Count:
                return wanted.Select((w, i) => Difference(have[i], w, $"{path}[{i}]")).FirstOrDefault(static d => d is not null);
            case JsonValue value when value.ToString() is "<time>" or "<string>":
                return null;
            case JsonValue value when found is JsonValue have && have.ToString() == WithIds(value.ToString()):
                return null;
        }
        return $"{path}: found {found?.ToJsonString() ?? "null"}, expected {expected?.ToJsonString()}";
    }
}
