import { useState } from "react";
import type { QueryResult } from "../../api/types/prometheus";
import { useTexts } from "../../lib/i18n";
import { type Labels, seriesName } from "../../lib/legend";
import { describeHistogram, parseSample } from "../../lib/results";

const rowsMax = 500;

interface Row {
  labels: Labels | null;
  text: string;
  number: number;
}

/** The answer of an instant query as it is: series and exact values. A click on a series narrows the query to it. */
export function QueryTable({ result, onFilter }: { result: QueryResult; onFilter: (expr: string) => void }) {
  const t = useTexts();
  const [sort, setSort] = useState<"none" | "down" | "up">("none");
  const rows = rowsOf(result);
  if (sort !== "none") rows.sort((a, b) => (sort === "down" ? b.number - a.number : a.number - b.number));
  const next = { none: "down", down: "up", up: "none" } as const;
  return (
    <div style={{ overflowX: "auto" }}>
      <table className="table mono">
        <thead>
          <tr>
            <th scope="col">{t.series}</th>
            <th scope="col" className="number" aria-sort={sort === "none" ? undefined : sort === "down" ? "descending" : "ascending"}>
              <button type="button" onClick={() => setSort(next[sort])}>
                {t.value} {sort === "down" ? "↓" : sort === "up" ? "↑" : ""}
              </button>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, rowsMax).map((row, i) => (
            <tr key={i}>
              <td style={{ overflowWrap: "anywhere" }}>{row.labels ? <SeriesText labels={row.labels} onFilter={onFilter} /> : t.scalar}</td>
              <td className="number" style={{ whiteSpace: row.text.length > 40 ? "pre-wrap" : undefined }}>
                {row.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > rowsMax && <p className="muted">{t.moreRows(rows.length - rowsMax)}</p>}
    </div>
  );
}

function SeriesText({ labels, onFilter }: { labels: Labels; onFilter: (expr: string) => void }) {
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = (
    <>
      <b>{name}</b>
      {(pairs.length > 0 || !name) && "{"}
      {pairs.map(([key, value], i) => (
        <span key={key}>
          {i > 0 && ", "}
          <span className="muted">{key}</span>=&quot;{value}&quot;
        </span>
      ))}
      {(pairs.length > 0 || !name) && "}"}
    </>
  );
  if (!name) return text;
  return (
    <button type="button" onClick={() => onFilter(seriesName(labels))} style={{ all: "unset", cursor: "pointer" }}>
      {text}
    </button>
  );
}

function rowsOf(result: QueryResult): Row[] {
  switch (result.resultType) {
    case "vector":
      return result.result.map(({ metric, value, histogram }) => ({
        labels: metric,
        text: value ? value[1] : histogram ? describeHistogram(histogram[1]) : "",
        number: parseSample(value?.[1] ?? histogram?.[1].count ?? "NaN"),
      }));
    case "matrix":
      return result.result.map(({ metric, values = [] }) => ({
        labels: metric,
        text: values.map(([time, value]) => `${value} @${time}`).join("\n"),
        number: parseSample(values.at(-1)?.[1] ?? "NaN"),
      }));
    default:
      return [{ labels: null, text: result.result[1], number: parseSample(result.result[1]) }];
  }
}
