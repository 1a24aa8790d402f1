import type { Panel } from "../../../api/types/dashboard";
import type { Series } from "../../../lib/columns";
import { type FieldLook, lookOf, valueColor } from "../../../lib/fields";
import { reduce } from "../../../lib/reducers";

/** One number of a stat, gauge, bar gauge or pie panel. */
export interface FieldValue {
  name: string;
  value: number | null;
  look: FieldLook;
  color: string;
  series: Series;
}

/** The panel's series reduced to numbers as its options say. */
export function fieldValues(panel: Panel, series: readonly Series[]): FieldValue[] {
  const calc = panel.options.reduceOptions?.calcs?.[0] ?? "lastNotNull";
  return series.map((one, i) => {
    const look = lookOf(panel.fieldConfig, { name: one.name, refId: one.refId });
    const value = reduce(calc, one.values);
    return {
      name: look.displayName && !look.displayName.includes("${") ? look.displayName : one.name,
      value,
      look,
      color: valueColor(value, look, i),
      series: one,
    };
  });
}
