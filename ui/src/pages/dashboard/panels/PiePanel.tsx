import { seriesColor } from "../../../lib/colors";
import { displayValue } from "../../../lib/fields";
import { fieldValues } from "./fieldValues";
import type { PanelProps } from "./PanelProps";

const slicesMax = 20;

/** Shares of a whole, with names and values beside. */
export function PiePanel({ panel, data }: PanelProps) {
  const values = fieldValues(panel, data.series)
    .filter(({ value }) => value !== null && value > 0)
    .sort((a, b) => (b.value as number) - (a.value as number))
    .slice(0, slicesMax);
  const total = values.reduce((sum, { value }) => sum + (value as number), 0);
  let from = 0;
  const hole = panel.options.pieType === "donut" ? 26 : 0;
  return (
    <div className="beside" style={{ alignItems: "center" }}>
      <svg viewBox="-50 -50 100 100" style={{ flex: 1, minWidth: 0, height: "100%" }} role="img" aria-label={panel.title}>
        {values.map(({ name, value, look }, i) => {
          const start = from;
          from += (value as number) / total;
          return (
            <path
              key={`${name}${start}`}
              d={slice(start, from, 46, hole)}
              fill={colorOf(look.color?.mode, look.color?.fixedColor, i)}
              stroke="var(--vigie-card)"
              strokeWidth={0.6}
            />
          );
        })}
      </svg>
      <div className="legend" style={{ width: "46%" }}>
        {values.map(({ name, value, look }, i) => (
          <div key={`${name}${value}`} style={{ display: "flex", gap: 6 }}>
            <span style={{ flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }} title={name}>
              <span className="swatch" style={{ background: colorOf(look.color?.mode, look.color?.fixedColor, i) }} />
              {name}
            </span>
            <span className="muted">{displayValue(value, look)}</span>
            <span style={{ minWidth: "3em", textAlign: "right" }}>{Math.round(((value as number) / total) * 100)}%</span>
          </div>
        ))}
      </div>
    </div>
  );
}

const colorOf = (mode: string | undefined, fixed: string | undefined, index: number): string =>
  mode === "fixed" && fixed ? fixed : seriesColor(index);

function slice(from: number, to: number, radius: number, hole: number): string {
  const point = (share: number, r: number) =>
    `${(r * Math.sin(share * 2 * Math.PI)).toFixed(3)} ${(-r * Math.cos(share * 2 * Math.PI)).toFixed(3)}`;
  if (to - from > 0.9999) return `M0 ${-radius} A${radius} ${radius} 0 1 1 -0.01 ${-radius} Z`;
  const large = to - from > 0.5 ? 1 : 0;
  return hole > 0
    ? `M${point(from, radius)} A${radius} ${radius} 0 ${large} 1 ${point(to, radius)} L${point(to, hole)} A${hole} ${hole} 0 ${large} 0 ${point(from, hole)} Z`
    : `M0 0 L${point(from, radius)} A${radius} ${radius} 0 ${large} 1 ${point(to, radius)} Z`;
}
