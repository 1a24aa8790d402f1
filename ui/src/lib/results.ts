import type { NativeHistogram, QueryResult, SamplePair } from "../api/types/prometheus";
import type { Series } from "./columns";
import { type Labels, legendNames } from "./legend";

/** What a query's answer is called. */
export interface QueryNaming {
  refId: string;
  expr: string;
  legendFormat: string;
  /** Seconds between points; 0 for an instant query. */
  step: number;
}

/** Prometheus writes numbers as text so that it can write these three. */
export function parseSample(text: string): number {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

const drawable = (text: string): number | null => {
  const value = parseSample(text);
  return Number.isFinite(value) ? value : null;
};

/** An answer as lines to draw. A native histogram is drawn as its count. */
export function toSeries(result: QueryResult, { refId, expr, legendFormat, step }: QueryNaming): Series[] {
  const rows = rowsOf(result);
  const names = legendNames(
    legendFormat,
    rows.map((row) => row.labels),
    expr,
  );
  return rows.map(({ labels, points }, i) => ({
    name: names[i] as string,
    refId,
    expr,
    labels,
    times: points.map(([time]) => time),
    values: points.map(([, value]) => drawable(value)),
    step,
  }));
}

function rowsOf(result: QueryResult): { labels: Labels; points: SamplePair[] }[] {
  switch (result.resultType) {
    case "matrix":
      return result.result.map(({ metric, values, histograms }) => ({
        labels: metric,
        points: values ?? (histograms ?? []).map(([time, histogram]): SamplePair => [time, histogram.count]),
      }));
    case "vector":
      return result.result.map(({ metric, value, histogram }) => ({
        labels: metric,
        points: value ? [value] : histogram ? [[histogram[0], histogram[1].count]] : [],
      }));
    default:
      return [{ labels: {}, points: [result.result] }];
  }
}

/** One line of a table: labels and the value of each query. */
export interface TableRow {
  labels: Labels;
  /** By refId; null where a query has no value for these labels. */
  values: Record<string, number | null>;
}

/** Puts together the rows of several queries that have the same labels; the metric's name does not count. */
export function toTable(series: readonly Series[]): { labelNames: string[]; rows: TableRow[] } {
  const rows = new Map<string, TableRow>();
  const names = new Set<string>();
  const several = new Set(series.map((one) => one.refId)).size > 1;
  for (const one of series) {
    const labels = several ? Object.fromEntries(Object.entries(one.labels).filter(([name]) => name !== "__name__")) : one.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    const row = rows.get(key) ?? { labels, values: {} };
    row.values[one.refId] = one.values.at(-1) ?? null;
    rows.set(key, row);
    for (const name of Object.keys(labels)) names.add(name);
  }
  const labelNames = [...names].sort((a, b) => (a === "__name__" ? -1 : b === "__name__" ? 1 : a < b ? -1 : 1));
  return { labelNames, rows: [...rows.values()] };
}

/** A native histogram in one line: count, sum and the buckets that hold something. */
export function describeHistogram({ count, sum, buckets = [] }: NativeHistogram): string {
  const brackets = (kind: number) =>
    [
      ["(", "]"],
      ["[", ")"],
      ["(", ")"],
      ["[", "]"],
    ][kind] ?? ["[", "]"];
  const text = buckets.map(([kind, left, right, n]) => `${brackets(kind)[0]}${left}, ${right}${brackets(kind)[1]}: ${n}`);
  return `count ${count}, sum ${sum}${text.length > 0 ? `, ${text.join(", ")}` : ""}`;
}
