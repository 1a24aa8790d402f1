import { parseDuration } from "./durations";

/** Steps that fall on round times, in seconds. */
const roundSteps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800, 2592000];

/** Prometheus refuses more points per series than this. */
const pointsMax = 11_000;

/** What a data source without a word on it is taken to be scraped at, as in Grafana. */
export const scrapeIntervalMs = 15_000;

export interface StepRequest {
  rangeMs: number;
  /** Points wanted per series: the width of the drawing. */
  points: number;
  /** Lower limit, a duration as the dashboard writes it. */
  minInterval?: string | null;
}

/** Seconds between points: the first round step that gives no more points than wanted. */
export function stepFor({ rangeMs, points, minInterval }: StepRequest): number {
  const least = (parseDuration(minInterval) ?? 1000) / 1000;
  const wanted = Math.max(rangeMs / 1000 / Math.max(1, Math.min(points, pointsMax)), least);
  const step = roundSteps.find((candidate) => candidate >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
  return Math.max(least, step);
}

/** Grafana's `$__rate_interval`: wide enough for `rate` to see four scrapes. */
export const rateIntervalMs = (stepSeconds: number): number => Math.max(stepSeconds * 1000 + scrapeIntervalMs, 4 * scrapeIntervalMs);
