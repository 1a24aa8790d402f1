/** How a line becomes one number: Grafana's calculations. */

export type Points = readonly (number | null)[];

const known = (values: Points): number[] => values.filter((value): value is number => value !== null && !Number.isNaN(value));
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]): number => sum(values) / values.length;

const reducers: Record<string, (values: number[]) => number | null> = {
  last: (values) => values.at(-1) ?? null,
  lastNotNull: (values) => values.at(-1) ?? null,
  first: (values) => values[0] ?? null,
  firstNotNull: (values) => values[0] ?? null,
  min: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  max: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  mean,
  avg: mean,
  sum,
  total: sum,
  count: (values) => values.length,
  range: (values) => Math.max(...values) - Math.min(...values),
  diff: (values) => (values.at(-1) as number) - (values[0] as number),
  diffperc: (values) => ((values.at(-1) as number) - (values[0] as number)) / (values[0] as number),
  delta: (values) => values.reduce((total, value, i) => (i > 0 ? total + Math.max(0, value - (values[i - 1] as number)) : 0), 0),
  median: (values) => quantile(values, 0.5),
  variance: (values) => mean(values.map((value) => (value - mean(values)) ** 2)),
  stdDev: (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2))),
  distinctCount: (values) => new Set(values).size,
};

/** Null if there is no value at all, or the calculation is unknown. */
export function reduce(name: string, values: Points): number | null {
  const numbers = known(values);
  if (numbers.length === 0) return name === "count" ? 0 : null;
  if (name === "last" && values.at(-1) === null) return null;
  const share = /^p(\d+(?:\.\d+)?)$/.exec(name)?.[1];
  if (share) return quantile(numbers, Number(share) / 100);
  return (reducers[name] ?? reducers.lastNotNull)?.(numbers) ?? null;
}

/** Short column titles of legends; the names Grafana shows. */
export const reducerTitles: Record<string, string> = {
  lastNotNull: "Last",
  last: "Last",
  first: "First",
  firstNotNull: "First",
  min: "Min",
  max: "Max",
  mean: "Mean",
  sum: "Total",
  count: "Count",
  range: "Range",
  diff: "Diff",
  delta: "Delta",
  median: "Median",
};

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  return low + ((sorted[Math.ceil(at)] as number) - low) * (at - Math.floor(at));
}
