import { useState } from "react";
import { displayValue, mappingFor, valueColor } from "../../../lib/fields";
import { useTexts } from "../../../lib/i18n";
import { type TableRow, toTable } from "../../../lib/results";
import type { PanelProps } from "./PanelProps";
import { arrangeColumns } from "./tableColumns";

const rowsMax = 500;

/** Labels and current values, sorted by a click on a column. */
export function TablePanel({ panel, data }: PanelProps) {
  const t = useTexts();
  const table = toTable(data.series);
  const columns = arrangeColumns(panel, table.labelNames, [...new Set(data.series.map((one) => one.refId))], t.value);
  const firstNumber = columns.findIndex((column) => column.kind === "value");
  const [sort, setSort] = useState<{ column: number; down: boolean }>({ column: firstNumber, down: true });
  const cell = (row: TableRow, i: number): string | number | null => {
    const column = columns[i];
    if (!column) return null;
    return column.kind === "label" ? (row.labels[column.source] ?? "") : (row.values[column.source] ?? null);
  };
  const rows = [...table.rows].sort((a, b) => compare(cell(a, sort.column), cell(b, sort.column)) * (sort.down ? -1 : 1));
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th
                key={column.source}
                scope="col"
                className={column.kind === "value" ? "number" : undefined}
                aria-sort={sort.column === i ? (sort.down ? "descending" : "ascending") : undefined}
              >
                <button
                  type="button"
                  onClick={() => setSort({ column: i, down: sort.column === i ? !sort.down : column.kind === "value" })}
                >
                  {column.title} {sort.column === i ? (sort.down ? "↓" : "↑") : ""}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, rowsMax).map((row) => (
            <tr key={JSON.stringify(row.labels)}>
              {columns.map((column, i) => {
                const value = cell(row, i);
                if (column.kind === "label") return <td key={column.source}>{mappingFor(value, column.look.mappings)?.text ?? value}</td>;
                const { look } = column;
                const colored = look.color?.mode === "thresholds" && (look.thresholds?.steps.length ?? 0) > 1;
                return (
                  <td
                    key={column.source}
                    className="number"
                    style={colored ? { color: valueColor(value as number | null, look) } : undefined}
                  >
                    {displayValue(value as number | null, look)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > rowsMax && <p className="muted">{t.moreRows(rows.length - rowsMax)}</p>}
    </div>
  );
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === "number" || typeof b === "number") return Number(a ?? Number.NEGATIVE_INFINITY) - Number(b ?? Number.NEGATIVE_INFINITY);
  return String(a ?? "").localeCompare(String(b ?? ""), undefined, { numeric: true });
}
