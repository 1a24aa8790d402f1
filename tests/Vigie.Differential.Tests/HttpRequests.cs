using System.Text.Json;
using System.Text.RegularExpressions;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>The file http-requests.json: what to ask, by subject, and which differences of the answers are excused.</summary>
sealed class HttpRequests
{
    readonly Contents _contents;
    readonly HashSet<Excuse> _used = [];

    HttpRequests(Contents contents) => _contents = contents;

    public static HttpRequests Load() =>
        new(JsonSerializer.Deserialize<Contents>(File.ReadAllText(Path.Combine(Programs.Root, "tests/Vigie.Differential.Tests/http-requests.json")),
            JsonSerializerOptions.Web)!);

    public IReadOnlyList<string> All => [.. _contents.Requests.Values.SelectMany(requests => requests)];

    public IReadOnlyList<Excuse> Unused => [.. _contents.Excused.Where(excuse => !excuse.Sometimes && !_used.Contains(excuse))];

    public bool Excuses(string request, string difference)
    {
        var excuses = _contents.Excused.Where(excuse => excuse.Covers(request, difference)).ToList();
        _used.UnionWith(excuses);
        return excuses.Count > 0;
    }

    public bool IsUnordered(string request) => _contents.Unordered.Any(entry => Regex.IsMatch(request, entry.Request));

    /// <param name="Unordered">Requests whose answers have arrays of objects without a defined order.</param>
    sealed record Contents(Dictionary<string, string[]> Requests, Unordered[] Unordered, Excuse[] Excused);

    sealed record Unordered(string Request, string Reason);

    /// <param name="Request">Regular expression the request contains.</param>
    /// <param name="Difference">Regular expression the difference contains.</param>
    /// <param name="Sometimes">A matter of chance: the excuse need not be used.</param>
    internal sealed record Excuse(string Request, string Difference, string Reason, bool Sometimes = false)
    {
        public bool Covers(string request, string difference) => Regex.IsMatch(request, Request) && Regex.IsMatch(difference, Difference);
    }
}
