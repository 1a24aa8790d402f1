import type { Labels } from "./legend";

/** One line of a panel. */
export interface Series {
  name: string;
  refId: string;
  expr: string;
  labels: Labels;
  /** Unix seconds, ascending. */
  times: readonly number[];
  /** Beside <c>times</c>; null where there is no number to draw. */
  values: readonly (number | null)[];
  /** Seconds between points. Where a point is missing the line breaks. */
  step: number;
}

/** Columns as uPlot draws them: times first, then one column per series; null breaks a line, undefined is drawn over. */
export type Columns = [times: number[], ...values: (number | null | undefined)[][]];

/** Brings series with different points onto one column of times. */
export function toColumns(series: readonly Series[], fromSeconds: number, toSeconds: number): Columns {
  const all = new Set<number>();
  for (const one of series) {
    for (const time of gridOf(one, fromSeconds, toSeconds)) all.add(time);
    for (const time of one.times) all.add(time);
  }
  const times = [...all].sort((a, b) => a - b);
  const indexOf = new Map(times.map((time, i) => [time, i]));
  const columns = series.map((one) => {
    const column: (number | null | undefined)[] = new Array(times.length).fill(undefined);
    for (const time of gridOf(one, fromSeconds, toSeconds)) column[indexOf.get(time) as number] = null;
    one.times.forEach((time, i) => {
      column[indexOf.get(time) as number] = one.values[i] ?? null;
    });
    return column;
  });
  return [times, ...columns];
}

/** The moments at which a range query answers, between the first and the last point that the series has. */
function* gridOf(series: Series, fromSeconds: number, toSeconds: number): Generator<number> {
  const first = series.times[0];
  const last = series.times.at(-1);
  if (first === undefined || last === undefined || series.step <= 0) return;
  const start = first - Math.floor((first - fromSeconds) / series.step) * series.step;
  const count = Math.min(20_000, Math.floor((toSeconds - start) / series.step));
  for (let i = 0; i <= count; i++) yield Math.round((start + i * series.step) * 1000) / 1000;
}

/**
 * Adds up columns from the first to the last.
 * @param groups For each column the stack it belongs to, or null if it stands alone.
 * @param percent Whether stacks are scaled to a sum of 100 (values of 0 to 1 where the unit is a share).
 */
export function stack(columns: Columns, groups: readonly (string | null)[], percent: boolean, whole = 100): Columns {
  const [times, ...values] = columns;
  const sums = new Map<string, number[]>();
  const totals = new Map<string, number[]>();
  if (percent) {
    values.forEach((column, i) => {
      const group = groups[i];
      if (!group) return;
      const total = totals.get(group) ?? new Array(times.length).fill(0);
      column.forEach((value, at) => {
        total[at] += value ?? 0;
      });
      totals.set(group, total);
    });
  }
  const stacked = values.map((column, i) => {
    const group = groups[i];
    if (!group) return column;
    const sum = sums.get(group) ?? new Array<number>(times.length).fill(0);
    sums.set(group, sum);
    return column.map((value, at) => {
      const total = totals.get(group)?.[at] ?? 0;
      const part = percent ? (total === 0 ? 0 : ((value ?? 0) / total) * whole) : (value ?? 0);
      sum[at] = (sum[at] as number) + part;
      return value === null || value === undefined ? value : (sum[at] as number);
    });
  });
  return [times, ...stacked];
}
