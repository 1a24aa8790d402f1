import { useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type uPlot from "uplot";
import type { Columns } from "../../lib/columns";
import { displayValue } from "../../lib/fields";
import { useLanguage } from "../../lib/i18n";
import { formatTime } from "../../lib/timeTicks";
import type { ChartSeries } from "./chartSeries";

const rowsMax = 16;

interface ChartTooltipProps {
  plot: uPlot;
  times: readonly number[];
  series: readonly ChartSeries[];
  drawn: Columns;
  hidden: ReadonlySet<string>;
  cursor: { index: number; x: number; y: number };
  sort?: string;
  single: boolean;
}

/** The values at the cursor, largest first unless the dashboard says otherwise; the line nearest to the pointer stands out. */
export function ChartTooltip({ plot, times, series, drawn, hidden, cursor, sort, single }: ChartTooltipProps) {
  const { texts: t, language } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: -9999, top: 0 });
  const rect = plot.over.getBoundingClientRect();

  useLayoutEffect(() => {
    if (!box.current) return;
    const { width, height } = box.current.getBoundingClientRect();
    const right = rect.left + cursor.x + 16;
    const left = right + width > window.innerWidth - 8 ? Math.max(8, rect.left + cursor.x - width - 16) : right;
    const top = Math.min(Math.max(8, rect.top + cursor.y - height / 2), window.innerHeight - height - 8);
    setPlace((before) => (before.left === left && before.top === top ? before : { left, top }));
  }, [cursor, rect.left, rect.top]);

  let near = -1;
  let distance = 40;
  const rows = series.flatMap((one, i) => {
    const value = one.values[cursor.index];
    const at = drawn[i + 1]?.[cursor.index];
    if (
      hidden.has(one.name) ||
      one.look.custom.hideFrom?.tooltip ||
      value === null ||
      value === undefined ||
      at === null ||
      at === undefined
    )
      return [];
    const away = Math.abs(plot.valToPos(at, one.scale) - cursor.y);
    if (away < distance) [near, distance] = [i, away];
    return [{ i, one, value }];
  });
  if (sort === "asc") rows.sort((a, b) => a.value - b.value);
  else rows.sort((a, b) => b.value - a.value);
  const shown = single && near >= 0 ? rows.filter((row) => row.i === near) : rows;
  const nearRow = shown.find((row) => row.i === near);
  const top = shown.slice(0, rowsMax);
  if (nearRow && !top.includes(nearRow)) top[rowsMax - 1] = nearRow;
  const time = times[cursor.index];
  if (top.length === 0) return null;

  return createPortal(
    <div ref={box} className="tooltip" style={place}>
      <div className="muted">{time === undefined ? "" : formatTime(time * 1000, language === "fr" ? "fr-FR" : "en-GB")}</div>
      <table>
        <tbody>
          {top.map(({ i, one, value }) => (
            <tr key={i} className={i === near ? "near" : undefined}>
              <td style={{ overflowWrap: "anywhere" }}>
                <span className="swatch" style={{ background: one.color }} />
                {one.name}
              </td>
              <td>{displayValue(value, one.look)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > rowsMax && <div className="muted">{t.moreSeries(shown.length - rowsMax)}</div>}
    </div>,
    document.body,
  );
}
