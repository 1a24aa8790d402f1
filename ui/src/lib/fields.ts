import type { CustomStyle, FieldConfig, FieldDefaults, MappingResult, Thresholds, ValueMapping } from "../api/types/dashboard";
import { continuousColor, cssColor, seriesColor } from "./colors";
import { formatValue } from "./units";

/** How one field of a panel looks, after the panel's overrides. */
export type FieldLook = FieldDefaults;

export interface FieldId {
  name: string;
  refId: string;
}

/** The defaults with every override whose matcher selects the field. */
export function lookOf(config: FieldConfig, field: FieldId): FieldLook {
  let look: FieldLook = config.defaults;
  for (const { matcher, properties } of config.overrides) {
    if (!matches(matcher.id, matcher.options, field)) continue;
    look = { ...look, custom: { ...look.custom } };
    for (const { id, value } of properties) {
      if (id.startsWith("custom.")) look.custom[id.slice(7) as keyof CustomStyle] = value as never;
      else (look as unknown as Record<string, unknown>)[id] = value;
    }
  }
  return look;
}

function matches(id: string, options: unknown, field: FieldId): boolean {
  switch (id) {
    case "byName":
      return options === field.name;
    case "byNames":
    case "byNamesOrReducer": {
      const { names = [], mode } = (options ?? {}) as { names?: string[]; mode?: string };
      return names.includes(field.name) !== (mode === "exclude");
    }
    case "byRegexp":
      return asRegex(String(options ?? ""))?.test(field.name) ?? false;
    case "byFrameRefID":
      return options === field.refId;
    case "byType":
      return options === "number";
    default:
      return false;
  }
}

function asRegex(text: string): RegExp | null {
  const slashes = /^\/(.*)\/([gimsuy]*)$/s.exec(text);
  try {
    return slashes ? new RegExp(slashes[1] as string, (slashes[2] as string).replace(/[gy]/g, "")) : new RegExp(`^(?:${text})$`);
  } catch {
    return null;
  }
}

/** The color of the threshold a value has reached. */
export function thresholdColor(value: number | null, thresholds: Thresholds | undefined, min?: number, max?: number): string | null {
  if (!thresholds || thresholds.steps.length === 0) return null;
  const low = min ?? 0;
  const share = thresholds.mode === "percentage" ? ((max ?? 100) - low) / 100 : 1;
  let color = thresholds.steps[0]?.color ?? null;
  for (const step of thresholds.steps.slice(1)) {
    const bound = thresholds.mode === "percentage" ? low + (step.value ?? 0) * share : (step.value ?? 0);
    if (value !== null && value >= bound) color = step.color;
  }
  return color;
}

/** The text or color that a mapping puts in place of a value; null if none does. */
export function mappingFor(value: number | string | null, mappings: readonly ValueMapping[]): MappingResult | null {
  for (const { type, options } of mappings) {
    if (type === "value") {
      const found = options[String(value)] as MappingResult | undefined;
      if (found) return found;
    } else if (type === "range" && typeof value === "number") {
      const { from, to, result } = options as { from?: number | null; to?: number | null; result?: MappingResult };
      if (value >= (from ?? Number.NEGATIVE_INFINITY) && value <= (to ?? Number.POSITIVE_INFINITY)) return result ?? null;
    } else if (type === "special") {
      const { match, result } = options as { match?: string; result?: MappingResult };
      const empty = value === null || (typeof value === "number" && Number.isNaN(value));
      if ((match === "null" || match === "null+nan" || match === "nan") && empty) return result ?? null;
      if (match === "empty" && value === "") return result ?? null;
    } else if (type === "regex" && value !== null) {
      const { pattern, result } = options as { pattern?: string; result?: MappingResult };
      if (pattern && asRegex(pattern)?.test(String(value))) return result ?? null;
    }
  }
  return null;
}

/** The value as text, by mapping or in its unit. */
export function displayValue(value: number | null, look: FieldLook): string {
  const mapped = mappingFor(value, look.mappings);
  if (mapped?.text) return mapped.text;
  if (value === null && look.noValue) return look.noValue;
  return formatValue(value, look.unit, look.decimals);
}

/** The color of one value: mapping, fixed color, thresholds or scale. */
export function valueColor(value: number | null, look: FieldLook, index = 0): string {
  const mapped = mappingFor(value, look.mappings);
  if (mapped?.color) return cssColor(mapped.color);
  const mode = look.color?.mode ?? "thresholds";
  if (mode === "fixed" || mode === "shades") return cssColor(look.color?.fixedColor, seriesColor(index));
  if (mode.startsWith("continuous") && value !== null) {
    const min = look.min ?? 0;
    return continuousColor(mode, (value - min) / ((look.max ?? 100) - min || 1));
  }
  if (mode.startsWith("palette")) return seriesColor(index);
  return cssColor(thresholdColor(value, look.thresholds, look.min, look.max), "var(--vigie-ok)");
}

/** The color of a line: fixed where the dashboard says so, otherwise the palette's. */
export function lineColor(look: FieldLook, index: number, last: number | null): string {
  const mode = look.color?.mode ?? "palette-classic";
  if (mode === "fixed" || mode === "shades") return cssColor(look.color?.fixedColor, seriesColor(index));
  if (mode === "thresholds") return cssColor(thresholdColor(last, look.thresholds, look.min, look.max), seriesColor(index));
  return seriesColor(index);
}
