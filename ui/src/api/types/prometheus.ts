/** Answers of the Prometheus HTTP API, version 1. */
import type { Labels } from "../../lib/legend";

/** Seconds and the value as text, so that NaN and infinities can be written. */
export type SamplePair = [timeSeconds: number, value: string];

export interface NativeHistogram {
  count: string;
  sum: string;
  buckets?: [boundaries: number, left: string, right: string, count: string][];
}

export interface VectorElement {
  metric: Labels;
  value?: SamplePair;
  histogram?: [timeSeconds: number, histogram: NativeHistogram];
}

export interface MatrixElement {
  metric: Labels;
  values?: SamplePair[];
  histograms?: [timeSeconds: number, histogram: NativeHistogram][];
}

export type QueryResult =
  | { resultType: "vector"; result: VectorElement[] }
  | { resultType: "matrix"; result: MatrixElement[] }
  | { resultType: "scalar" | "string"; result: SamplePair };

export interface Target {
  discoveredLabels: Record<string, string>;
  labels: Record<string, string>;
  scrapePool: string;
  scrapeUrl: string;
  globalUrl: string;
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  health: "up" | "down" | "unknown";
  scrapeInterval: string;
  scrapeTimeout: string;
}

export interface DroppedTarget {
  discoveredLabels: Record<string, string>;
  scrapePool?: string;
}

/** Discovery that does not work now: an addition of Vigie, absent in Prometheus. */
export interface DiscoveryProblem {
  scrapePool: string;
  /** Which discovery of the job, such as kubernetes_sd_configs. */
  source: string;
  message: string;
}

export interface Targets {
  activeTargets: Target[];
  droppedTargets: DroppedTarget[] | null;
  droppedTargetCounts?: Record<string, number>;
  discoveryProblems?: DiscoveryProblem[];
}

export interface RuleAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: "pending" | "firing" | "inactive";
  activeAt?: string;
  keepFiringSince?: string;
  value: string;
}

interface RuleCommon {
  name: string;
  query: string;
  labels?: Record<string, string>;
  health: string;
  lastError?: string;
  lastEvaluation: string;
  evaluationTime: number;
}

export interface AlertingRule extends RuleCommon {
  type: "alerting";
  state: "pending" | "firing" | "inactive" | "unknown";
  duration: number;
  keepFiringFor?: number;
  annotations?: Record<string, string>;
  alerts: RuleAlert[];
}

export interface RecordingRule extends RuleCommon {
  type: "recording";
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  name: string;
  file: string;
  interval: number;
  limit: number;
  rules: Rule[];
  evaluationTime: number;
  lastEvaluation: string;
}

export interface TsdbStatus {
  headStats: { numSeries: number; numLabelPairs?: number; chunkCount: number; minTime: number; maxTime: number };
  seriesCountByMetricName: NameCount[];
  labelValueCountByLabelName: NameCount[];
  memoryInBytesByLabelName: NameCount[];
  seriesCountByLabelValuePair: NameCount[];
}

export interface NameCount {
  name: string;
  value: number;
}

export type Metadata = Record<string, { type: string; help: string; unit: string }[]>;
