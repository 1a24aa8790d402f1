import type { CSSProperties } from "react";
import { readableOn } from "../../../lib/colors";
import type { Series } from "../../../lib/columns";
import { displayValue, mappingFor } from "../../../lib/fields";
import { formatParts } from "../../../lib/units";
import { type FieldValue, fieldValues } from "./fieldValues";
import type { PanelProps } from "./PanelProps";

const valuesMax = 40;

/** Big numbers, with the line they are the end of. */
export function StatPanel({ panel, data }: PanelProps) {
  const values = fieldValues(panel, data.series).slice(0, valuesMax);
  const perRow = panel.options.orientation === "vertical" ? 1 : Math.ceil(Math.sqrt(values.length * 1.6));
  return (
    <div className="stats" style={{ gridTemplateColumns: `repeat(${Math.max(1, Math.min(perRow, values.length))}, minmax(0, 1fr))` }}>
      {values.map((value, i) => (
        <Stat
          key={i}
          value={value}
          colorMode={panel.options.colorMode ?? "value"}
          sparkline={panel.options.graphMode !== "none"}
          textMode={panel.options.textMode ?? "auto"}
          alone={values.length === 1}
        />
      ))}
    </div>
  );
}

interface StatProps {
  value: FieldValue;
  colorMode: string;
  sparkline: boolean;
  textMode: string;
  alone: boolean;
}

function Stat({ value, colorMode, sparkline, textMode, alone }: StatProps) {
  const { look, color, name, series } = value;
  const filled = colorMode.startsWith("background");
  const mapped = mappingFor(value.value, look.mappings)?.text;
  const parts =
    mapped || value.value === null
      ? { prefix: "", text: displayValue(value.value, look), suffix: "" }
      : formatParts(value.value, look.unit, look.decimals);
  const showValue = textMode !== "name" && textMode !== "none";
  const showName = textMode === "name" || textMode === "value_and_name" || (textMode === "auto" && !alone);
  const text = parts.prefix + parts.text;
  const chars = showValue ? Math.max(3, text.length + parts.suffix.length * 0.6) : name.length;
  const style = {
    "--chars": chars,
    ...(filled && { background: color, color: readableOn(color) }),
  } as CSSProperties;
  const paint = filled ? "inherit" : colorMode === "none" ? undefined : color;
  return (
    <div className="stat" style={style}>
      {sparkline && <Sparkline series={series} color={filled ? readableOn(color) : color} />}
      {showName && <span className={showValue ? "stat-name" : "stat-value"}>{name}</span>}
      {showValue && (
        <span className="stat-value" style={{ color: paint }}>
          {text}
          {parts.suffix && <small>{parts.suffix}</small>}
        </span>
      )}
    </div>
  );
}

/** The line without axes, from its lowest to its highest value. */
export function Sparkline({ series, color }: { series: Series; color: string }) {
  const points = series.times.flatMap((time, i) => {
    const value = series.values[i];
    return value === null || value === undefined ? [] : [[time, value] as const];
  });
  if (points.length < 2) return null;
  const [start, end] = [(points[0] as readonly [number, number])[0], (points.at(-1) as readonly [number, number])[0]];
  const values = points.map(([, value]) => value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const path = points
    .map(
      ([time, value], i) =>
        `${i ? "L" : "M"}${(((time - start) / (end - start || 1)) * 100).toFixed(2)},${(36 - ((value - low) / span) * 32).toFixed(2)}`,
    )
    .join("");
  return (
    <svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
      <path d={`${path}V40H0Z`} fill={color} fillOpacity={0.16} />
      <path d={path} fill="none" stroke={color} strokeOpacity={0.75} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
