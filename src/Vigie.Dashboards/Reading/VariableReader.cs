namespace Vigie.Dashboards;

/// <summary>Reads <c>templating.list</c>.</summary>
static class VariableReader
{
    static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "name", "label", "type", "query", "definition", "regex", "multi", "includeAll", "allValue", "hide", "sort", "options", "current",
    };
    static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "query", "custom", "constant", "interval", "datasource", "textbox", "adhoc", "groupby", "switch", "snapshot", "system",
    };

    public static IReadOnlyList<Variable> ReadAll(JsonSource? list, DashboardInputs inputs, ProblemList problems) =>
        [.. (list?.Items ?? []).Select(source => Read(source, inputs, problems)).OfType<Variable>()];

    static Variable? Read(JsonSource source, DashboardInputs inputs, ProblemList problems)
    {
        if (source["name"]?.AsText() is not { Length: > 0 } name)
        {
            problems.Add(source, "variable without name, left out");
            return null;
        }
        var type = source["type"]?.AsText() ?? "query";
        if (!Types.Contains(type)) problems.Expected(source["type"]!, "query, custom, constant, interval, datasource, textbox or adhoc");
        var query = inputs.Fill(Query(source));
        var options = type is "custom" or "interval" ? SplitOptions(query) : ReadOptions(source["options"], inputs);
        var current = ReadCurrent(source["current"], inputs);
        if (current.Count == 0 && type is "constant" or "textbox") current = [new(query, query)];
        if (current.Count == 0 && options.Count > 0 && type is "custom" or "interval") current = [options[0]];
        return new Variable
        {
            Name = name,
            Label = source["label"]?.AsText() is { Length: > 0 } label ? label : null,
            Type = type,
            Query = query,
            Regex = source["regex"]?.AsText() ?? "",
            Multi = source["multi"]?.AsFlag() ?? false,
            IncludeAll = source["includeAll"]?.AsFlag() ?? false,
            AllValue = source["allValue"]?.AsText() is { Length: > 0 } all ? all : null,
            Hide = (int)(source["hide"]?.AsNumber() ?? 0),
            Sort = (int)(source["sort"]?.AsNumber() ?? 0),
            Options = options,
            Current = current,
            Extra = DashboardReader.Unnamed(source, Named),
        };
    }

    /// <summary>A string, or since Grafana 8 an object with the text in <c>query</c>; <c>definition</c> is what the editor showed.</summary>
    static string Query(JsonSource source) =>
        source["query"] is { IsObject: true } wrapped ? wrapped["query"]?.AsText() ?? source["definition"]?.AsText() ?? ""
        : source["query"]?.AsText() ?? source["definition"]?.AsText() ?? "";

    static IReadOnlyList<VariableOption> ReadOptions(JsonSource? list, DashboardInputs inputs) =>
        [.. (list?.Items ?? []).Where(option => option["value"] is not null).Select(option => Option(option["text"], option["value"]!, inputs))];

    static IReadOnlyList<VariableOption> ReadCurrent(JsonSource? current, DashboardInputs inputs)
    {
        if (current is { IsArray: true }) return ReadOptions(current, inputs);      // As this model writes it.
        if (current?["value"] is not { } value) return [];
        if (!value.IsArray) return value.AsText() is null ? [] : [Option(current["text"], value, inputs)];
        var texts = current["text"]?.Items ?? [];
        return [.. value.Items.Select((item, i) => Option(i < texts.Count ? texts[i] : null, item, inputs))];
    }

    static VariableOption Option(JsonSource? text, JsonSource value, DashboardInputs inputs)
    {
        var plain = inputs.Fill(value.AsText() ?? "");
        return new(text?.AsText() is { Length: > 0 } shown ? inputs.Fill(shown) : plain, plain);
    }

    /// <summary><c>a, b</c> or <c>text : value, …</c>; a backslash keeps a comma.</summary>
    static IReadOnlyList<VariableOption> SplitOptions(string query)
    {
        var options = new List<VariableOption>();
        foreach (var part in query.Replace("\\,", "\u0001", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0) continue;
            var text = part.Replace('\u0001', ',');
            var colon = text.IndexOf(" : ", StringComparison.Ordinal);
            options.Add(colon < 0 ? new(text, text) : new(text[..colon].Trim(), text[(colon + 3)..].Trim()));
        }
        return options;
    }
}
