import { cssColor } from "../../../lib/colors";
import { displayValue } from "../../../lib/fields";
import { type FieldValue, fieldValues } from "./fieldValues";
import type { PanelProps } from "./PanelProps";

const valuesMax = 24;
/** The arc begins and ends this far from straight down. */
const openDegrees = 55;

/** Numbers on arcs from min to max. */
export function GaugePanel({ panel, data }: PanelProps) {
  const values = fieldValues(panel, data.series).slice(0, valuesMax);
  const perRow = Math.ceil(Math.sqrt(values.length * 1.8));
  return (
    <div className="stats" style={{ gridTemplateColumns: `repeat(${Math.max(1, Math.min(perRow, values.length))}, minmax(0, 1fr))` }}>
      {values.map((value, i) => (
        <Gauge key={i} value={value} markers={panel.options.showThresholdMarkers !== false} name={values.length > 1} />
      ))}
    </div>
  );
}

function Gauge({ value: { value, look, color, name }, markers, name: showName }: { value: FieldValue; markers: boolean; name: boolean }) {
  const min = look.min ?? 0;
  const max = look.max ?? (look.unit === "percentunit" ? 1 : 100);
  const share = value === null ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min || 1)));
  const steps = look.thresholds?.steps ?? [];
  const at = (bound: number | undefined) =>
    bound === undefined
      ? 0
      : Math.min(1, Math.max(0, look.thresholds?.mode === "percentage" ? bound / 100 : (bound - min) / (max - min || 1)));
  const text = displayValue(value, look);
  return (
    <div style={{ minHeight: 0, minWidth: 0, display: "flex", flexDirection: "column", alignItems: "center", overflow: "hidden" }}>
      <svg viewBox="0 0 200 157" style={{ flex: 1, minHeight: 0, width: "100%" }} role="img" aria-label={`${name}: ${text}`}>
        <path d={arc(0, 1, 78)} fill="none" stroke="var(--vigie-soft)" strokeWidth={22} />
        {share > 0 && <path d={arc(0, share, 78)} fill="none" stroke={color} strokeWidth={22} />}
        {markers &&
          steps.length > 1 &&
          steps.map((step, i) => {
            const from = at(step.value);
            const to = i + 1 < steps.length ? at(steps[i + 1]?.value) : 1;
            return (
              to > from && (
                <path key={`${step.color}${from}`} d={arc(from, to, 94)} fill="none" stroke={cssColor(step.color)} strokeWidth={4} />
              )
            );
          })}
        <text x={100} y={104} textAnchor="middle" fontSize={Math.min(36, 180 / Math.max(4, text.length))} fontWeight={650} fill={color}>
          {text}
        </text>
      </svg>
      {showName && (
        <span className="stat-name" style={{ fontSize: 12 }}>
          {name}
        </span>
      )}
    </div>
  );
}

/** A part of the arc, from and to as shares of the whole. */
function arc(from: number, to: number, radius: number): string {
  const sweep = 360 - 2 * openDegrees;
  const point = (share: number) => {
    const angle = ((90 + openDegrees + share * sweep) * Math.PI) / 180;
    return `${(100 + radius * Math.cos(angle)).toFixed(2)} ${(98 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${point(from)} A${radius} ${radius} 0 ${(to - from) * sweep > 180 ? 1 : 0} 1 ${point(to)}`;
}
