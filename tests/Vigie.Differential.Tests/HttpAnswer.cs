using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Vigie.Differential.Tests;

/// <summary>One answer of a server, and how it differs from another's.</summary>
sealed record HttpAnswer(HttpStatusCode Status, string ContentType, string Location, string Allow, string Body)
{
    /// <summary>
    /// Asks as a line of http-requests.json says: METHOD path?parameters, then perhaps "&lt;&lt; form". Characters that a URL cannot hold are
    /// written as they are; %xx stays, so that wrong text can be sent too.
    /// </summary>
    public static async Task<HttpAnswer> AskAsync(HttpClient client, string server, string line)
    {
        string[] parts = line.Split(" << ", 2);
        string[] words = parts[0].Split(' ', 2);
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(new HttpMethod(words[0]), new Uri(server + Escape(words[1]), exact));
        if (parts.Length == 2)
        {
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(Escape(parts[1])));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }
        using var answer = await client.SendAsync(request);
        return new(answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", answer.Headers.Location?.OriginalString ?? "",
            string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)), await answer.Content.ReadAsStringAsync());
    }

    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "-._~%/?&=[]:,@".Contains((char)b)) escaped.Append((char)b);
            else escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return escaped.ToString();
    }

    /// <summary>Each difference as "member: ours, expected theirs".</summary>
    /// <param name="unordered">The order of objects in arrays means nothing.</param>
    public IEnumerable<string> DifferencesFrom(HttpAnswer theirs, bool unordered)
    {
        if (Status != theirs.Status) yield return $"status code: {(int)Status}, expected {(int)theirs.Status}";
        if (ContentType != theirs.ContentType) yield return $"content type: {ContentType}, expected {theirs.ContentType}";
        if (Location != theirs.Location) yield return $"location: {Location}, expected {theirs.Location}";
        if (Allow != theirs.Allow) yield return $"allow: {Allow}, expected {theirs.Allow}";
        if (Body == theirs.Body) yield break;
        if (!IsJson(ContentType) || !IsJson(theirs.ContentType))
        {
            yield return $"body: {Shown(Body)}, expected {Shown(theirs.Body)}";
            yield break;
        }
        var found = new List<string>();
        Compare("", JsonNode.Parse(Body), JsonNode.Parse(theirs.Body), unordered, found);
        foreach (string difference in found) yield return difference;
    }

    static void Compare(string path, JsonNode? ours, JsonNode? theirs, bool unordered, List<string> found)
    {
        if (ours is JsonObject a && theirs is JsonObject b)
        {
            foreach (string name in a.Select(member => member.Key).Union(b.Select(member => member.Key)))
            {
                string member = path.Length == 0 ? name : path + "." + name;
                if (!a.ContainsKey(name)) found.Add($"{member}: absent, expected {Shown(Text(b[name]))}");
                else if (!b.ContainsKey(name)) found.Add($"{member}: {Shown(Text(a[name]))}, expected none");
                else Compare(member, a[name], b[name], unordered, found);
            }
        }
        else if (ours is JsonArray x && theirs is JsonArray y)
        {
            if (x.Count != y.Count) found.Add($"{path}: {x.Count} elements, expected {y.Count}: {Shown(Text(x))}, expected {Shown(Text(y))}");
            bool isSet = unordered && x.Concat(y).All(element => element is JsonObject) || path is "warnings" or "infos";
            foreach (var (i, (our, their)) in Sorted(x, isSet).Zip(Sorted(y, isSet)).Index())
                Compare($"{path}[{i}]", our, their, unordered, found);
        }
        else if (ours is JsonValue && theirs is JsonValue && Lines(ours) is { } ourLines && Lines(theirs) is { } theirLines)
        {
            found.AddRange(ourLines.Except(theirLines).Select(line => $"{path}: line {line}, expected none"));
            found.AddRange(theirLines.Except(ourLines).Select(line => $"{path}: no line, expected {line}"));
            if (found.Count == 0 && Text(ours) != Text(theirs)) found.Add($"{path}: lines in another order, expected {Shown(Text(theirs))}");
        }
        else if (Text(ours) != Text(theirs)) found.Add($"{path}: {Shown(Text(ours))}, expected {Shown(Text(theirs))}");
    }

    static IEnumerable<JsonNode?> Sorted(JsonArray array, bool isSet) => isSet ? array.OrderBy(Key, StringComparer.Ordinal) : array;

    static bool IsJson(string contentType) => contentType.StartsWith("application/json", StringComparison.Ordinal);

    static string[]? Lines(JsonNode node) =>
        node.AsValue().TryGetValue(out string? text) && text.Contains('\n', StringComparison.Ordinal) ? text.Split('\n') : null;

    /// <summary>What tells an element from others, without its times.</summary>
    static string Key(JsonNode? element) =>
        element is JsonObject members ? Text(members["metric"] ?? members["labels"] ?? members["name"] ?? element) : Text(element);

    /// <summary>Members in order; numbers as they were written; text in one way of escaping.</summary>
    static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject members => "{" + string.Join(",", members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"\"{m.Key}\":{Text(m.Value)}")) + "}",
        JsonArray elements => "[" + string.Join(",", elements.Select(Text)) + "]",
        JsonValue value when value.TryGetValue(out string? text) => "\"" + text + "\"",
        _ => node.ToJsonString(),
    };

    static string Shown(string text) => text.Length <= 400 ? text : text[..400] + "…";
}
