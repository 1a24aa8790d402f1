using Vigie.Alerting;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>The filters of requests for alerts, groups, silences and receivers.</summary>
static class AlertQuery
{
    /// <exception cref="Version2Exception">A filter or the receiver is not valid.</exception>
    public static AlertFilter ReadFilter(IQueryCollection query, bool withMuted) => new()
    {
        Matchers = ReadMatchers(query, "filter"),
        Receiver = ReadReceiver(query),
        Active = ReadBool(query, "active"),
        Silenced = ReadBool(query, "silenced"),
        Inhibited = ReadBool(query, "inhibited"),
        Muted = !withMuted || ReadBool(query, "muted"),
    };

    public static IReadOnlyList<LabelMatcher> ReadMatchers(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var texts)) return [];
        var matchers = new List<LabelMatcher>(texts.Count);
        foreach (string? text in texts)
        {
            if (string.IsNullOrEmpty(text)) continue;
            try
            {
                matchers.Add(AlertMatchers.ParseOne(text));
            }
            catch (FormatException problem)
            {
                throw Version2Exception.BadRequest(problem.Message);
            }
        }
        return matchers;
    }

    static AnchoredRegex? ReadReceiver(IQueryCollection query)
    {
        if (!query.TryGetValue("receiver", out var texts) || texts.Count == 0 || string.IsNullOrEmpty(texts[0])) return null;
        try
        {
            AlertMatchers.CheckRegex(texts[0]!);
            return AnchoredRegex.Parse(texts[0]!, dotMatchesNewline: false);
        }
        catch (FormatException problem)
        {
            throw Version2Exception.BadRequest($"failed to parse receiver param: {problem.Message}");
        }
    }

    /// <summary>True unless something else is written than what the generated layer takes for true.</summary>
    static bool ReadBool(IQueryCollection query, string name) =>
        !query.TryGetValue(name, out var texts) || texts.Count == 0 || string.IsNullOrEmpty(texts[0])
        || texts[0]!.ToLowerInvariant() is "true" or "1" or "yes" or "ok" or "y" or "on" or "selected" or "checked" or "t" or "enabled";
}
