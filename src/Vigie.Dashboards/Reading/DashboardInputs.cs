namespace Vigie.Dashboards;

/// <summary>
/// The <c>__inputs</c> of an exported dashboard: what Grafana asks for on import. Constants are filled in with their default value; data
/// sources need no answer, every Prometheus data source is this server.
/// </summary>
sealed class DashboardInputs
{
    readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _datasourceTypes = new(StringComparer.Ordinal);

    public static DashboardInputs Read(JsonSource? list)
    {
        var inputs = new DashboardInputs();
        foreach (var input in list?.Items ?? [])
        {
            if (input["name"]?.AsText() is not { } name) continue;
            if (input["type"]?.AsText() == "datasource") inputs._datasourceTypes[name] = input["pluginId"]?.AsText() ?? "prometheus";
            else inputs._constants[name] = input["value"]?.AsText() ?? "";
        }
        return inputs;
    }

    /// <summary><paramref name="text"/> with <c>${NAME}</c> of constant inputs replaced.</summary>
    public string Fill(string text)
    {
        foreach (var (name, value) in _constants)
            text = text.Replace("${" + name + "}", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Old files name a data source by a string, newer ones by type and uid; either may be an input or a variable.</summary>
    public DatasourceReference? Datasource(JsonSource? source)
    {
        if (source is null) return null;
        if (source.IsObject) return new(source["type"]?.AsText(), source["uid"]?.AsText());
        var name = source.AsText() ?? "";
        return name.StartsWith('$')
            ? new(_datasourceTypes.GetValueOrDefault(name.Trim('$', '{', '}'), "prometheus"), name)
            : new(Type: null, name);
    }
}
