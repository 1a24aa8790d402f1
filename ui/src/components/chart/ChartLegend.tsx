import type { MouseEvent } from "react";
import { displayValue } from "../../lib/fields";
import { useTexts } from "../../lib/i18n";
import { reduce, reducerTitles } from "../../lib/reducers";
import type { ChartSeries } from "./chartSeries";

interface ChartLegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  calcs: readonly string[];
  table: boolean;
  sortBy?: string;
  sortDesc?: boolean;
}

/** Names and values of the lines. A click shows one alone, a click with Ctrl or Shift switches one on and off. */
export function ChartLegend({ series, hidden, onHidden, calcs, table, sortBy, sortDesc = true }: ChartLegendProps) {
  const t = useTexts();
  const shown = series.filter((one) => one.inLegend);
  const names = series.map((one) => one.name);
  const click = (name: string, event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      const next = new Set(hidden);
      if (!next.delete(name)) next.add(name);
      onHidden(next);
      return;
    }
    const alone = !hidden.has(name) && names.filter((other) => !hidden.has(other)).every((other) => other === name);
    onHidden(alone ? new Set() : new Set(names.filter((other) => other !== name)));
  };
  const values = (one: ChartSeries) =>
    calcs.map((calc) =>
      reduce(
        calc,
        one.values.map((value) => value ?? null),
      ),
    );
  const button = (one: ChartSeries) => (
    <button
      type="button"
      data-off={hidden.has(one.name) || undefined}
      title={one.name}
      aria-pressed={!hidden.has(one.name)}
      aria-label={t.showSeries(one.name)}
      onClick={(event) => click(one.name, event)}
    >
      <span className="swatch" style={{ background: one.color }} />
      <span>{one.name}</span>
    </button>
  );
  if (!table || calcs.length === 0)
    return (
      <div className={`legend ${table ? "" : "legend-list"}`}>
        {shown.map((one, i) => (
          <div key={i} style={{ display: "flex", maxWidth: "100%", minWidth: 0, gap: 6 }}>
            {button(one)}
            {values(one).map((value, c) => (
              <span key={calcs[c]} className="muted" style={{ whiteSpace: "nowrap" }}>
                {reducerTitles[calcs[c] as string] ?? calcs[c]}: {displayValue(value, one.look)}
              </span>
            ))}
          </div>
        ))}
      </div>
    );

  const sortColumn = calcs.findIndex((calc) => (reducerTitles[calc] ?? calc) === sortBy || calc === sortBy);
  const rows = shown.map((one) => ({ one, values: values(one) }));
  if (sortColumn >= 0) rows.sort((a, b) => ((a.values[sortColumn] ?? 0) - (b.values[sortColumn] ?? 0)) * (sortDesc ? -1 : 1));
  return (
    <div className="legend">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            {calcs.map((calc) => (
              <th key={calc} scope="col">
                {reducerTitles[calc] ?? calc}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ one, values: numbers }, i) => (
            <tr key={i} data-off={hidden.has(one.name) || undefined}>
              <td>{button(one)}</td>
              {numbers.map((value, c) => (
                <td key={calcs[c]}>{displayValue(value, one.look)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
