import type { FieldLook } from "../../lib/fields";
import type { Labels } from "../../lib/legend";

/** A line of a chart with everything that its drawing, legend and tooltip need. */
export interface ChartSeries {
  name: string;
  labels: Labels;
  color: string;
  look: FieldLook;
  /** The axis: one per unit and side. */
  scale: string;
  /** The stack it belongs to; null if it stands alone. */
  group: string | null;
  /** Drawn below zero although its values are not. */
  negative: boolean;
  /** As the query gave them, beside the chart's times. */
  values: (number | null | undefined)[];
  inLegend: boolean;
}

export interface ChartAxis {
  scale: string;
  unit: string | undefined;
  label: string | undefined;
  side: "left" | "right";
  hidden: boolean;
  min?: number;
  max?: number;
  softMin?: number;
  softMax?: number;
  log?: number;
}
