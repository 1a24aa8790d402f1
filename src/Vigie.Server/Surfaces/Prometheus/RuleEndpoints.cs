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
        var groups = services.Rules.Snapshot().Where(group => filter.Wants(group))
            .OrderBy(group => group.File, StringComparer.Ordinal).ThenBy(group => group.Name, StringComparer.Ordinal);
        string? next = null;
        await JsonApi.SucceedAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("groups"u8);
            bool waiting = filter.NextToken is not null;
            int count = 0;
            foreach (var group in groups)
            {
                string token = TokenOf(group);
                if (waiting && token != filter.NextToken) continue;
                waiting = false;
                var rules = group.Rules.Where(filter.Wants).ToList();
                if (rules.Count == 0 && filter.SelectsRules) continue;
                if (filter.GroupLimit > 0 && count++ == filter.GroupLimit)
                {
                    next = token;
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

    /// <summary>Names a group for paging, as upstream: a hash of file and name.</summary>
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

        /// <summary>Groups in which no rule is left are then left out, as upstream.</summary>
        public bool SelectsRules => Type is not null || Names.Count > 0 || Selectors.Count > 0;

        public static Filter Read(RequestParameters parameters)
        {
            string? type = parameters.First("type")?.ToLowerInvariant();
            if (type is not (null or "" or "alert" or "record")) throw ApiException.InvalidParameter("type", $"not supported value {GoText.Quote(type)}");
            bool exclude = false;
            if (parameters.First("exclude_alerts") is { Length: > 0 } text && !bool.TryParse(text, out exclude))
                throw ApiException.InvalidParameter("exclude_alerts", $"error converting exclude_alerts: strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax");
            int limit = parameters.Limit("group_limit");
            string? token = parameters.First("group_next_token");
            if (!string.IsNullOrEmpty(token) && limit == 0)
                throw ApiException.InvalidParameter("group_next_token", "group_limit needs to be present in order to paginate over the groups");
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

        public bool Wants(RuleGroupSnapshot group) =>
            (Groups.Count == 0 || Groups.Contains(group.Name)) && (Files.Count == 0 || Files.Contains(group.File));

        public bool Wants(RuleSnapshot rule) =>
            (Type is null || (Type == "alert") == rule is AlertingRuleSnapshot)
            && (Names.Count == 0 || Names.Contains(rule.Name))
            && (Selectors.Count == 0 || Selectors.Exists(set => set.All(matcher => matcher.Matches(rule.Labels))));
    }
}
