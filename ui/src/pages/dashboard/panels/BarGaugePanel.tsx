import { displayValue } from "../../../lib/fields";
import { fieldValues } from "./fieldValues";
import type { PanelProps } from "./PanelProps";

const valuesMax = 100;

/** A bar per series: bar gauges, and bar charts of current values. */
export function BarGaugePanel({ panel, data }: PanelProps) {
  const values = fieldValues(panel, data.series).slice(0, valuesMax);
  const largest = Math.max(...values.map(({ value }) => value ?? 0), 0);
  return (
    <div className="bars">
      {values.map(({ name, value, look, color }, i) => {
        const min = look.min ?? 0;
        const max = look.max ?? (look.unit === "percent" ? 100 : look.unit === "percentunit" ? 1 : largest || 1);
        const share = value === null ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min || 1)));
        return (
          <div className="bar" key={i}>
            <span title={name}>{name}</span>
            <div className="bar-track">
              <div style={{ width: `${share * 100}%`, background: color }} />
            </div>
            <span style={{ color }}>{displayValue(value, look)}</span>
          </div>
        );
      })}
    </div>
  );
}
