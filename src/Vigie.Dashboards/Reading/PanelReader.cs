using System.Globalization;
using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>Reads one panel and brings retired types up to date.</summary>
sealed class PanelReader(DashboardInputs inputs, ProblemList problems)
{
    static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "id", "type", "title", "description", "gridPos", "datasource", "targets", "fieldConfig", "options", "transformations", "repeat",
        "repeatDirection", "maxPerRow", "maxDataPoints", "interval", "timeFrom", "timeShift", "transparent", "links", "collapsed", "panels",
        "span", "height", "minSpan",
    };

    /// <summary>Types that the UI draws. Others are shown by name, with what they would have drawn as a table.</summary>
    static readonly HashSet<string> Drawn = new(StringComparer.Ordinal)
    {
        "timeseries", "stat", "gauge", "bargauge", "table", "text", "row", "heatmap", "piechart", "barchart", "state-timeline",
        "status-history", "histogram", "alertlist", "dashlist",
    };

    /// <returns>Null if it is no panel at all, which is then among the problems.</returns>
    public PlacedPanel? Read(JsonSource source)
    {
        if (!source.IsObject)
        {
            problems.Expected(source, "a panel object");
            return null;
        }
        var type = source["type"]?.AsText() ?? (source["panels"] is { IsArray: true } ? "row" : "timeseries");
        var place = ReadPlace(source["gridPos"]);
        var panel = new Panel
        {
            Id = (int)(source["id"]?.AsNumber() ?? 0),
            Type = type,
            Title = inputs.Fill(source["title"]?.AsText() ?? ""),
            Description = source["description"]?.AsText() is { Length: > 0 } description ? description : null,
            GridPos = place ?? new(0, 0, GridLayout.DefaultWidth, GridLayout.DefaultHeight),
            Datasource = inputs.Datasource(source["datasource"]),
            Targets = ReadTargets(source, type),
            FieldConfig = FieldConfigReader.Read(source["fieldConfig"], problems),
            Options = source["options"] is { IsObject: true } options ? (JsonObject)options.ToNode()! : [],
            Transformations = source["transformations"] is { IsArray: true } steps ? (JsonArray)steps.ToNode()! : [],
            Repeat = source["repeat"]?.AsText() is { Length: > 0 } repeat ? repeat : null,
            RepeatDirection = source["repeatDirection"]?.AsText(),
            MaxPerRow = (int?)source["maxPerRow"]?.AsNumber(),
            MaxDataPoints = source["maxDataPoints"]?.AsNumber() is > 0 and var points ? (int)points : null,
            Interval = source["interval"]?.AsText() is { Length: > 0 } interval ? inputs.Fill(interval) : null,
            TimeFrom = source["timeFrom"]?.AsText() is { Length: > 0 } from ? from : null,
            TimeShift = source["timeShift"]?.AsText() is { Length: > 0 } shift ? shift : null,
            Transparent = source["transparent"]?.AsFlag() ?? false,
            Links = LinkReader.ReadAll(source["links"]),
            Collapsed = source["collapsed"]?.AsFlag() ?? false,
            Panels = type == "row" ? GridLayout.Place([.. (source["panels"]?.Items ?? []).Select(Read).OfType<PlacedPanel>()]) : null,
            Extra = DashboardReader.Unnamed(source, Named),
        };
        var migrated = PanelMigrations.Migrate(panel, source);
        if (!Drawn.Contains(migrated.Type))
            problems.Add(source["type"] ?? source, $"\"{type}\", expected a panel type that can be drawn; its values are shown as a table");
        return new(migrated, place is not null);
    }

    GridPosition? ReadPlace(JsonSource? grid)
    {
        if (grid is null) return null;
        if (!grid.IsObject)
        {
            problems.Expected(grid, "an object with x, y, w, h");
            return null;
        }
        var width = Math.Clamp(Whole(grid["w"], GridLayout.DefaultWidth), 1, GridPosition.Columns);
        var x = Math.Clamp(Whole(grid["x"], 0), 0, GridPosition.Columns - width);
        return new(x, Math.Max(0, Whole(grid["y"], 0)), width, Math.Clamp(Whole(grid["h"], GridLayout.DefaultHeight), 1, 1000));
    }

    int Whole(JsonSource? source, int otherwise)
    {
        if (source is null) return otherwise;
        if (source.AsNumber() is { } number && double.IsFinite(number)) return (int)Math.Clamp(number, -1e6, 1e6);
        problems.Expected(source, "a number");
        return otherwise;
    }

    IReadOnlyList<PanelTarget> ReadTargets(JsonSource panel, string type)
    {
        if (panel["targets"] is { IsArray: false } wrong) problems.Expected(wrong, "an array of queries");
        return [.. (panel["targets"]?.Items ?? []).Where(target => target.IsObject).Select((target, i) => ReadTarget(target, i, type))];
    }

    static readonly HashSet<string> NamedInTarget = new(StringComparer.Ordinal)
    {
        "refId", "expr", "legendFormat", "instant", "range", "format", "interval", "intervalFactor", "hide", "datasource", "step", "metric",
    };

    PanelTarget ReadTarget(JsonSource source, int index, string panelType)
    {
        // A table without a word on range or instant means the current values; Grafana's editor writes one or the other.
        var instant = source["instant"]?.AsFlag() ?? (panelType == "table" && source["range"]?.AsFlag() != true);
        return new PanelTarget
        {
            RefId = source["refId"]?.AsText() is { Length: > 0 } name ? name : NameOf(index),
            Expr = inputs.Fill(source["expr"]?.AsText() ?? "").Trim(),
            LegendFormat = source["legendFormat"]?.AsText() ?? "",
            Instant = instant && source["range"]?.AsFlag() != true,
            Format = source["format"]?.AsText() is { Length: > 0 } format ? format : "time_series",
            Interval = source["interval"]?.AsText() is { Length: > 0 } interval ? inputs.Fill(interval) : null,
            IntervalFactor = Math.Clamp((int)(source["intervalFactor"]?.AsNumber() ?? 1), 1, 100),
            Hide = source["hide"]?.AsFlag() ?? false,
            Datasource = inputs.Datasource(source["datasource"]),
            Extra = DashboardReader.Unnamed(source, NamedInTarget),
        };
    }

    static string NameOf(int index) =>
        index < 26 ? ((char)('A' + index)).ToString() : string.Create(CultureInfo.InvariantCulture, $"Q{index}");
}
