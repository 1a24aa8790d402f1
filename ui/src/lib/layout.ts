import type { GridPosition, Panel } from "../api/types/dashboard";
import type { VariableValue, VariableValues } from "./variables";

/** Where a panel stands after rows are opened or closed and panels repeated. */
export interface PlacedPanel {
  /** Unique on the page, also among repetitions. */
  key: string;
  panel: Panel;
  place: GridPosition;
  /** The values that a repetition gives its variable. */
  scope: VariableValues;
  /** For rows: whether the row is closed. */
  closed?: boolean;
}

interface Section {
  row: Panel | null;
  panels: Panel[];
}

const columns = 24;

/**
 * Lays a dashboard out from top to bottom.
 * @param toggled Ids of rows that the reader opened or closed against what the file says.
 */
export function layOut(panels: readonly Panel[], variables: VariableValues, toggled: ReadonlySet<number>): PlacedPanel[] {
  const placed: PlacedPanel[] = [];
  let y = 0;
  for (const section of split(panels)) {
    for (const { key, scope } of scopesOf(section.row, variables)) {
      const row = section.row;
      const closed = row !== null && row.collapsed !== toggled.has(row.id);
      if (row) {
        placed.push({ key: `${row.id}${key}`, panel: row, place: { x: 0, y, w: columns, h: 1 }, scope, closed });
        y += 1;
      }
      if (!closed) y = placeSection(section.panels, { ...variables, ...scope }, scope, key, y, placed);
    }
  }
  return placed;
}

function split(panels: readonly Panel[]): Section[] {
  const sections: Section[] = [{ row: null, panels: [] }];
  const ordered = [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  for (const panel of ordered) {
    if (panel.type === "row") sections.push({ row: panel, panels: [...(panel.panels ?? [])] });
    else (sections.at(-1) as Section).panels.push(panel);
  }
  return sections.filter((section) => section.row || section.panels.length > 0);
}

/** One scope per value of the variable that a panel or row repeats for; a single empty one if it does not repeat. */
function scopesOf(panel: Panel | null, variables: VariableValues): { key: string; scope: VariableValues }[] {
  const name = panel?.repeat;
  const variable = name ? variables[name] : undefined;
  if (!name || !variable || variable.values.length === 0) return [{ key: "", scope: {} }];
  return variable.values.map((value) => {
    const one: VariableValue = { values: [value], text: value, isList: variable.isList };
    return { key: `/${name}=${value}`, scope: { [name]: one } };
  });
}

function placeSection(
  panels: Panel[],
  variables: VariableValues,
  scope: VariableValues,
  key: string,
  top: number,
  output: PlacedPanel[],
): number {
  if (panels.length === 0) return top;
  const least = Math.min(...panels.map((panel) => panel.gridPos.y));
  let pushed = 0;
  let bottom = top;
  for (const panel of panels) {
    const { x, w, h } = panel.gridPos;
    const y = top + panel.gridPos.y - least + pushed;
    const scopes = scopesOf(panel, variables);
    if (scopes.length === 1) {
      const own = scopes[0] as { key: string; scope: VariableValues };
      output.push({ key: `${panel.id}${key}${own.key}`, panel, place: { x, y, w, h }, scope: { ...scope, ...own.scope } });
      bottom = Math.max(bottom, y + h);
      continue;
    }
    const down = panel.repeatDirection === "v";
    const perRow = down ? 1 : Math.min(scopes.length, panel.maxPerRow ?? 4);
    const width = down ? w : Math.floor(columns / perRow);
    scopes.forEach((own, i) => {
      const place = { x: down ? x : (i % perRow) * width, y: y + Math.floor(i / perRow) * h, w: width, h };
      output.push({ key: `${panel.id}${key}${own.key}`, panel, place, scope: { ...scope, ...own.scope } });
    });
    const rows = Math.ceil(scopes.length / perRow);
    pushed += (rows - 1) * h;
    bottom = Math.max(bottom, y + rows * h);
  }
  return bottom;
}
