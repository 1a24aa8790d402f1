using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vigie.Model;
using Vigie.Rules;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/api/v1/rules, alerts, alertmanagers.</summary>
sealed class RuleEndpoints(PrometheusServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/rules", Methods.Get, RulesAsync);
        routes.MapApi("/api/v1/alerts", Methods.Get, AlertsAsync);
        routes.MapApi("/api/v1/alertmanagers", Methods.Get, AlertmanagersAsync);
    }

    async Task RulesAsync(HttpContext http)
    {
        var filter = Filter.Read(await RequestParameters.ReadAsync(http.Request, http.RequestAborted));
        var groups = services.Rules.Snapshot()
            .OrderBy(group => group.File, StringComparer.Ordinal).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
        if (filter.NextToken is { } from)
        {
            groups = [.. groups.SkipWhile(group => TokenOf(group) != from)];
            if (groups.Count == 0) throw ApiException.InvalidParameter("group_next_token", $"invalid group_next_token '{from}'. were rule groups changed?");
        }
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("groups"u8);
            string? next = null;
            int count = 0;
            foreach (var group in groups.Where(filter.Wants))
            {
                var rules = group.Rules.Where(filter.Wants).ToList();
                if (rules.Count == 0) continue;
                if (filter.GroupLimit > 0 && count++ == filter.GroupLimit)
                {
                    next = TokenOf(group);
                    break;
                }
                WriteGroup(json, group, rules, filter.ExcludeAlerts);
            }
            json.WriteEndArray();
            if (next is not null) json.WriteString("groupNextToken"u8, next);
            json.WriteEndObject();
        });
    }

    static void WriteGroup(Utf8JsonWriter json, RuleGroupSnapshot group, List<RuleSnapshot> rules, bool excludeAlerts)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, group.Name);
        json.WriteString("file"u8, group.File);
        json.WriteStartArray("rules"u8);
        foreach (var rule in rules) WriteRule(json, rule, excludeAlerts);
        json.WriteEndArray();
        json.WriteNumber("interval"u8, group.Interval.TotalSeconds);
        json.WriteNumber("limit"u8, group.Limit);
        json.WriteNumber("evaluationTime"u8, group.EvaluationTime.TotalSeconds);
        json.WriteString("lastEvaluation"u8, JsonApi.FormatTime(group.LastEvaluation));
        json.WriteEndObject();
    }

    static void WriteRule(Utf8JsonWriter json, RuleSnapshot rule, bool excludeAlerts)
    {
        json.WriteStartObject();
        var alerting = rule as AlertingRuleSnapshot;
        if (alerting is not null) json.WriteString("state"u8, StateText(alerting.State));
        json.WriteString("name"u8, rule.Name);
        json.WriteString("query"u8, rule.Query);
        if (alerting is not null)
        {
            json.WriteNumber("duration"u8, alerting.For.TotalSeconds);
            json.WriteNumber("keepFiringFor"u8, alerting.KeepFiringFor.TotalSeconds);
            WriteLabels(json, "labels", rule.Labels);
            WriteLabels(json, "annotations", alerting.Annotations);
            if (excludeAlerts) json.WriteNull("alerts"u8);
            else
            {
                json.WriteStartArray("alerts"u8);
                foreach (var alert in alerting.Alerts) WriteAlert(json, alert);
                json.WriteEndArray();
            }
        }
        else if (rule.Labels.Count > 0) WriteLabels(json, "labels", rule.Labels);
        json.WriteString("health"u8, rule.Health switch { RuleHealth.Good => "ok", RuleHealth.Bad => "err", _ => "unknown" });
        if (rule.LastError.Length > 0) json.WriteString("lastError"u8, rule.LastError);
        json.WriteNumber("evaluationTime"u8, rule.EvaluationTime.TotalSeconds);
        json.WriteString("lastEvaluation"u8, JsonApi.FormatTime(rule.LastEvaluation));
        json.WriteString("type"u8, alerting is not null ? "alerting" : "recording");
        json.WriteEndObject();
    }

    async Task AlertsAsync(HttpContext http) => await JsonApi.SucceedAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("alerts"u8);
        foreach (var alert in services.Rules.ActiveAlerts()) WriteAlert(json, alert);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void WriteAlert(Utf8JsonWriter json, AlertSnapshot alert)
    {
        json.WriteStartObject();
        WriteLabels(json, "labels", alert.Labels);
        WriteLabels(json, "annotations", alert.Annotations);
        json.WriteString("state"u8, StateText(alert.State));
        json.WriteString("activeAt"u8, JsonApi.FormatTime(alert.ActiveAt));
        if (alert.KeepFiringSince is { } since) json.WriteString("keepFiringSince"u8, JsonApi.FormatTime(since));
        json.WriteString("value"u8, GoNumber.FormatExponential(alert.Value));
        json.WriteEndObject();
    }

    async Task AlertmanagersAsync(HttpContext http) => await JsonApi.SucceedAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("activeAlertmanagers"u8);
        foreach (string url in services.AlertmanagerUrls())
        {
            json.WriteStartObject();
            json.WriteString("url"u8, url);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("droppedAlertmanagers"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void WriteLabels(Utf8JsonWriter json, string name, Labels labels)
    {
        json.WritePropertyName(name);
        JsonApi.WriteLabels(json, labels);
    }

    static string StateText(AlertState state) => state switch
    {
        AlertState.Firing => "firing",
        AlertState.Pending => "pending",
        _ => "inactive",
    };

    /// <summary>Names a group for paging: a hash of file and name, opaque to clients; upstream's is SHA-1.</summary>
    static string TokenOf(RuleGroupSnapshot group) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(group.File + ";" + group.Name)));

    /// <summary>What of all rules a request asks for.</summary>
    sealed record Filter
    {
        string? Type { get; init; }
        HashSet<string> Names { get; init; } = [];
        HashSet<string> Groups { get; init; } = [];
        HashSet<string> Files { get; init; } = [];
        List<LabelMatcher[]> Selectors { get; init; } = [];
        public bool ExcludeAlerts { get; private init; }
        public int GroupLimit { get; private init; }
        public string? NextToken { get; private init; }

        public static Filter Read(RequestParameters parameters)
        {
            string? type = parameters.First("type")?.ToLowerInvariant();
            if (type is not (null or "" or "alert" or "record")) throw ApiException.InvalidParameter("type", $"not supported value {GoText.Quote(type)}");
            bool exclude = false;
            if (parameters.First("exclude_alerts")?.ToLowerInvariant() is { Length: > 0 } text
                && !RequestParameters.TryParseBool(text, out exclude, out string problem))
                throw ApiException.InvalidParameter("exclude_alerts", "error converting exclude_alerts: " + problem);
            string? token = parameters.First("group_next_token");
            if (!string.IsNullOrEmpty(token) && !parameters.Has("group_limit"))
                throw ApiException.InvalidParameter("group_next_token", "group_limit needs to be present in order to paginate over the groups");
            int limit = parameters.Has("group_limit") ? GroupLimitOf(parameters.First("group_limit")!) : 0;
            return new Filter
            {
                Type = string.IsNullOrEmpty(type) ? null : type,
                Names = [.. parameters.All("rule_name[]")],
                Groups = [.. parameters.All("rule_group[]")],
                Files = [.. parameters.All("file[]")],
                Selectors = Prometheus.Selectors.Parse(parameters.All("match[]"), null),
                ExcludeAlerts = exclude,
                GroupLimit = limit,
                NextToken = string.IsNullOrEmpty(token) ? null : token,
            };
        }

        static int GroupLimitOf(string text)
        {
            if (!RequestParameters.TryParseInteger(text, out long limit, out string problem))
                throw ApiException.InvalidParameter("group_limit", "group_limit needs to be a valid number: strconv.ParseInt: " + problem);
            if (limit <= 0) throw ApiException.InvalidParameter("group_limit", "group_limit needs to be greater than 0");
            if (limit > int.MaxValue)
                throw ApiException.InvalidParameter("group_limit",
                    $"group_limit needs to be a valid number: strconv.ParseInt: parsing {GoText.Quote(text)}: value out of range");
            return (int)limit;
        }

        public bool Wants(RuleGroupSnapshot group) =>
            (Groups.Count == 0 || Groups.Contains(group.Name)) && (Files.Count == 0 || Files.Contains(group.File));

        public bool Wants(RuleSnapshot rule) =>
            (Type is null || (Type == "alert") == rule is AlertingRuleSnapshot)
            && (Names.Count == 0 || Names.Contains(rule.Name))
            && (Selectors.Count == 0 || Selectors.Exists(set => set.All(matcher => matcher.Matches(rule.Labels))));
    }
}
