namespace Vigie.Dashboards;

/// <summary>
/// The schema before Grafana 5: <c>rows</c> with a height in pixels and panels with a <c>span</c> of 12 columns become places on the grid.
/// </summary>
static class RowsMigration
{
    const double CellHeightPx = 38;
    const int DefaultHeightPx = 250;

    public static IReadOnlyList<Panel> Migrate(JsonSource rows, PanelReader reader)
    {
        var showRows = rows.Items.Any(row => row["showTitle"]?.AsFlag() == true || row["collapse"]?.AsFlag() == true
            || row["repeat"]?.AsText() is { Length: > 0 });
        var output = new List<Panel>();
        var y = 0;
        foreach (var row in rows.Items)
        {
            var collapsed = row["collapse"]?.AsFlag() ?? false;
            Panel? header = null;
            if (showRows)
            {
                header = new Panel
                {
                    Id = 0,
                    Type = "row",
                    Title = row["title"]?.AsText() ?? "",
                    GridPos = new(0, y, GridPosition.Columns, 1),
                    Collapsed = collapsed,
                    Repeat = row["repeat"]?.AsText() is { Length: > 0 } repeat ? repeat : null,
                };
                y++;
            }
            var (panels, bottom) = PlaceRow(row, reader, y);
            if (header is not null) output.Add(header with { Panels = collapsed ? panels : [] });
            if (!collapsed)
            {
                output.AddRange(panels);
                y = bottom;
            }
        }
        return output;
    }

    static (List<Panel> Panels, int Bottom) PlaceRow(JsonSource row, PanelReader reader, int top)
    {
        var rowHeight = Cells(row["height"]?.AsNumber());
        var panels = new List<Panel>();
        int x = 0, y = top, lineHeight = 0;
        foreach (var source in row["panels"]?.Items ?? [])
        {
            if (reader.Read(source) is not { } read) continue;
            var width = Math.Clamp((int)Math.Floor((source["span"]?.AsNumber() ?? 4) * 2), 1, GridPosition.Columns);
            var height = source["height"] is { } own ? Cells(own.AsNumber()) : rowHeight;
            if (x + width > GridPosition.Columns) (x, y, lineHeight) = (0, y + lineHeight, 0);
            panels.Add(read.Panel with { GridPos = new(x, y, width, height) });
            x += width;
            lineHeight = Math.Max(lineHeight, height);
        }
        return (panels, y + lineHeight);
    }

    static int Cells(double? heightPx) => Math.Max(2, (int)Math.Ceiling((heightPx is > 0 ? heightPx.Value : DefaultHeightPx) / CellHeightPx));
}
