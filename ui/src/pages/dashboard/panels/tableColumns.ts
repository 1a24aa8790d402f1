import type { Panel } from "../../../api/types/dashboard";
import { type FieldLook, lookOf } from "../../../lib/fields";

export interface TableColumn {
  kind: "label" | "value";
  /** A label's name, or a query's refId. */
  source: string;
  title: string;
  look: FieldLook;
}

/** The columns of a table panel after its overrides and its "organize" transformations (hide, rename, order). */
export function arrangeColumns(panel: Panel, labelNames: readonly string[], refIds: readonly string[], valueTitle: string): TableColumn[] {
  const organize = panel.transformations.filter((step) => step.id === "organize").map((step) => step.options ?? {});
  const exclude = Object.assign({}, ...organize.map((options) => options.excludeByName)) as Record<string, boolean>;
  const rename = Object.assign({}, ...organize.map((options) => options.renameByName)) as Record<string, string>;
  const order = Object.assign({}, ...organize.map((options) => options.indexByName)) as Record<string, number>;
  const valueName = (refId: string) => (refIds.length > 1 ? `Value #${refId}` : "Value");
  const all: (TableColumn & { field: string })[] = [
    ...labelNames.map((name) => ({
      kind: "label" as const,
      source: name,
      field: name,
      title: name,
      look: lookOf(panel.fieldConfig, { name, refId: "" }),
    })),
    ...refIds.map((refId) => ({
      kind: "value" as const,
      source: refId,
      field: valueName(refId),
      title: refIds.length > 1 ? `${valueTitle} ${refId}` : valueTitle,
      look: lookOf(panel.fieldConfig, { name: valueName(refId), refId }),
    })),
  ];
  return all
    .filter((column) => !exclude[column.field] && !column.look.custom.hidden)
    .sort((a, b) => (order[a.field] ?? 1000) - (order[b.field] ?? 1000))
    .map(({ field, ...column }) => ({ ...column, title: rename[field] || column.look.displayName || column.title }));
}
