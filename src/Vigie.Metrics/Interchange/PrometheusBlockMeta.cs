using System.Text.Json;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>What the file meta.json of a Prometheus block says that an import needs.</summary>
sealed record PrometheusBlockMeta(
    string Path, string Ulid, long MinTimeMs, long MaxTimeMs, long Samples, long Series, bool FromOutOfOrder, string[] Parents)
{
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static PrometheusBlockMeta Read(IFileSystem files, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(files.ReadAll(System.IO.Path.Combine(path, "meta.json")));
            var root = document.RootElement;
            bool fromOutOfOrder = false;
            string[] parents = [];
            if (root.TryGetProperty("compaction", out var compaction))
            {
                if (compaction.TryGetProperty("hints", out var hints) && hints.ValueKind == JsonValueKind.Array)
                    fromOutOfOrder = hints.EnumerateArray().Any(hint => hint.GetString() == "from-out-of-order");
                if (compaction.TryGetProperty("parents", out var list) && list.ValueKind == JsonValueKind.Array)
                    parents = [.. list.EnumerateArray().Select(parent => parent.GetProperty("ulid").GetString() ?? "")];
            }
            var stats = root.TryGetProperty("stats", out var found) ? found : default;
            return new PrometheusBlockMeta(path, root.GetProperty("ulid").GetString() ?? "", root.GetProperty("minTime").GetInt64(),
                root.GetProperty("maxTime").GetInt64(), Count(stats, "numSamples"), Count(stats, "numSeries"), fromOutOfOrder, parents);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}/meta.json: {problem.Message}");
        }
    }

    static long Count(JsonElement stats, string name) =>
        stats.ValueKind == JsonValueKind.Object && stats.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
}
