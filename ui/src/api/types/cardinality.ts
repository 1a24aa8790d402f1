/** What a limit counts. */
export type LimitKind = "total" | "job" | "metric" | "label";

/** A limit of 0 is none. */
export interface LimitedCount {
  name: string;
  series: number;
  limit: number;
}

export interface Refused {
  limit: LimitKind;
  /** The job, metric or label at its limit; for the total the job that was refused. */
  culprit: string;
  max: number;
  /** Distinct series refused, estimated. */
  series: number;
  attempts: number;
  since: string;
  last: string;
  example: string;
}

/** Answer of /api/vigie/v1/cardinality; each list greatest first. */
export interface CardinalityReport {
  series: number;
  labelPairs: number;
  chunks: number;
  minTime: number;
  maxTime: number;
  limits: { series: number; seriesPerJob: number; seriesPerMetric: number; valuesPerLabel: number };
  metrics: LimitedCount[];
  jobs: LimitedCount[];
  targets: { job: string; instance: string; series: number }[];
  labels: { name: string; values: number; limit: number }[];
  /** Length of all values of a label together. */
  labelBytes: { name: string; bytes: number }[];
  pairs: { name: string; value: string; series: number }[];
  refused: Refused[];
}
