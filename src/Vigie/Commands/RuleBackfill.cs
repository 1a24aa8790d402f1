using System.Globalization;
using System.Text.Json;
using Vigie.Configuration.Rules;
using Vigie.Metrics;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>Evaluates recording rules over the past, through a Prometheus API, two hours at a time, and stores what they would have recorded.</summary>
sealed class RuleBackfill(HttpClient http, string url, MetricStore store)
{
    const long PieceMs = 2 * 3600 * 1000;

    readonly SampleBatch _batch = new();

    public long Samples { get; private set; }

    /// <param name="intervalMs">Of groups that name none.</param>
    /// <exception cref="IOException">The API does not answer, or not as one.</exception>
    public async Task RunAsync(RuleGroup group, long startMs, long endMs, long intervalMs, CancellationToken cancellation)
    {
        if (group.Interval is { } own && own > TimeSpan.Zero) intervalMs = (long)own.TotalMilliseconds;
        // The evaluation times are multiples of the interval, so that pieces go on where others end.
        long first = (startMs + intervalMs - 1) / intervalMs * intervalMs;
        foreach (var rule in group.Rules.Where(static rule => !rule.IsAlerting))
        {
            for (long from = first; from <= endMs;)
            {
                long to = Math.Min(endMs, from + PieceMs - intervalMs);
                await RunAsync(group, rule, from, Math.Max(from, to), intervalMs, cancellation);
                from = from + ((Math.Max(from, to) - from) / intervalMs * intervalMs) + intervalMs;
            }
        }
    }

    async Task RunAsync(RuleGroup group, Rule rule, long startMs, long endMs, long stepMs, CancellationToken cancellation)
    {
        string query = $"query={Uri.EscapeDataString(rule.Expression)}&start={Seconds(startMs)}&end={Seconds(endMs)}&step={Seconds(stepMs)}";
        try
        {
            using var answer = await http.PostAsync(url.TrimEnd('/') + "/api/v1/query_range",
                new StringContent(query, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"), cancellation);
            ServerClient.ThrowIfNotLetIn(answer);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            if (document.RootElement.GetProperty("status").GetString() != "success")
                throw new IOException($"{rule.Name}: {document.RootElement.GetProperty("error").GetString()}");
            foreach (var series in document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()) Store(group, rule, series);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or KeyNotFoundException or UriFormatException)
        {
            throw new IOException($"{url} does not answer as a Prometheus API: {problem.Message}", problem);
        }
    }

    void Store(RuleGroup group, Rule rule, JsonElement series)
    {
        var labels = new LabelsBuilder();
        foreach (var label in series.GetProperty("metric").EnumerateObject()) labels.Set(label.Name, label.Value.GetString()!);
        labels.Set(LabelNames.MetricName, rule.Name);
        foreach (var (name, value) in group.Labels)
            if (!rule.Labels.ContainsKey(name)) labels.Set(name, value);
        foreach (var (name, value) in rule.Labels) labels.Set(name, value);
        if (!series.TryGetProperty("values", out var values)) return;
        var reference = store.Resolve(labels.Build());
        _batch.Clear();
        foreach (var sample in values.EnumerateArray())
        {
            if (GoNumber.TryParse(sample[1].GetString()!, out double value)) _batch.Add(reference, (long)Math.Round(sample[0].GetDouble() * 1000), value);
        }
        if (_batch.Count > 0) Samples += store.Append(_batch).Stored;
    }

    static string Seconds(long milliseconds) => (milliseconds / 1000.0).ToString(CultureInfo.InvariantCulture);
}
