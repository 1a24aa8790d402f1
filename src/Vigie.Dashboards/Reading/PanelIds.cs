namespace Vigie.Dashboards;

/// <summary>Gives an id to every panel that has none or one already taken.</summary>
static class PanelIds
{
    public static IReadOnlyList<Panel> Assign(IReadOnlyList<Panel> panels)
    {
        var taken = new HashSet<int>();
        var next = 1 + panels.Concat(panels.SelectMany(panel => panel.Panels ?? [])).Select(panel => panel.Id).DefaultIfEmpty(0).Max();
        return [.. panels.Select(Unique)];

        Panel Unique(Panel panel)
        {
            var id = panel.Id > 0 && taken.Add(panel.Id) ? panel.Id : next++;
            taken.Add(id);
            return panel with { Id = id, Panels = panel.Panels?.Select(Unique).ToList() };
        }
    }
}
