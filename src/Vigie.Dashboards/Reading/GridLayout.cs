namespace Vigie.Dashboards;

/// <summary>A panel and whether its file says where it stands.</summary>
sealed record PlacedPanel(Panel Panel, bool HasPlace);

/// <summary>Lays out panels that have no place: two per row below everything that has one, each row of the dashboard on its own.</summary>
static class GridLayout
{
    public const int DefaultWidth = 12;
    public const int DefaultHeight = 8;

    public static IReadOnlyList<Panel> Place(IReadOnlyList<PlacedPanel> panels)
    {
        var bottom = panels.Where(panel => panel.HasPlace).Select(panel => panel.Panel.GridPos.Y + panel.Panel.GridPos.H).DefaultIfEmpty(0).Max();
        int x = 0, y = bottom, rowHeight = 0;
        var placed = new List<Panel>(panels.Count);
        foreach (var (panel, hasPlace) in panels)
        {
            if (hasPlace)
            {
                placed.Add(panel);
                continue;
            }
            var (width, height) = panel.Type == "row" ? (GridPosition.Columns, 1) : (DefaultWidth, DefaultHeight);
            if (x + width > GridPosition.Columns) (x, y, rowHeight) = (0, y + rowHeight, 0);
            placed.Add(panel with { GridPos = new(x, y, width, height) });
            x += width;
            rowHeight = Math.Max(rowHeight, height);
        }
        return placed;
    }
}
