import { useRef } from "react";
import type { Panel } from "../../api/types/dashboard";
import { type PanelQuery, usePanelQueries } from "../../api/usePanelQueries";
import type { Series } from "../../lib/columns";
import { parseDuration } from "../../lib/durations";
import { toSeries } from "../../lib/results";
import { stepFor } from "../../lib/step";
import type { AbsoluteRange } from "../../lib/timeRange";
import { builtIns, fillQuery, fillText, type VariableValues } from "../../lib/variables";

export type PanelState = "loading" | "drawn" | "empty" | "error";

export interface PanelData {
  state: PanelState;
  series: Series[];
  /** The range that the panel shows, which may be its own. */
  range: AbsoluteRange;
  /** The queries as they were asked. */
  exprs: string[];
  error: string | null;
  warnings: string[];
  /** A newer answer is on its way. */
  refreshing: boolean;
}

/** Below this a query asks for more points than scrapes can give. */
const leastStep = "5s";

/** The panel's own range: `timeFrom` sets its length, `timeShift` moves it back. */
export function rangeOfPanel(panel: Panel, range: AbsoluteRange): AbsoluteRange {
  const length = parseDuration(panel.timeFrom);
  const shift = parseDuration(panel.timeShift) ?? 0;
  const fromMs = length ? range.toMs - length : range.fromMs;
  return { fromMs: fromMs - shift, toMs: range.toMs - shift };
}

/** The panel's queries with variables filled in, for a drawing of this width. */
export function queriesOf(panel: Panel, range: AbsoluteRange, variables: VariableValues, widthPx: number) {
  const rangeMs = range.toMs - range.fromMs;
  const lines = panel.type === "timeseries" || panel.type === "heatmap" || panel.type === "barchart";
  const points = panel.maxDataPoints ?? (lines ? Math.max(200, widthPx) : 120);
  const longest = (a: string | undefined, b: string) => ((parseDuration(a) ?? 0) > (parseDuration(b) ?? 0) ? (a as string) : b);
  return panel.targets
    .filter((target) => !target.hide && target.expr && isOurs(target.datasource?.type ?? panel.datasource?.type))
    .map((target) => {
      const interval = fillText(target.interval ?? panel.interval ?? "", variables);
      const step = stepFor({ rangeMs, points, minInterval: longest(interval, leastStep) }) * (lines ? target.intervalFactor : 1);
      const expr = fillQuery(target.expr, { ...variables, ...builtIns(range, step) });
      const query: PanelQuery = target.instant
        ? { refId: target.refId, kind: "instant", expr, timeMs: range.toMs }
        : { refId: target.refId, kind: "range", expr, fromMs: range.fromMs, toMs: range.toMs, stepSeconds: step };
      return { query, expr, step, target };
    });
}

export const isOurs = (type: string | undefined): boolean =>
  type === undefined || type === "prometheus" || type === "datasource" || type === "mixed";

/** Asks the panel's queries. While a refresh is on its way the answers before it stay. */
export function usePanelData(
  panel: Panel,
  key: string,
  range: AbsoluteRange,
  variables: VariableValues,
  widthPx: number,
  enabled: boolean,
): PanelData {
  const own = rangeOfPanel(panel, range);
  const asked = queriesOf(panel, own, variables, widthPx);
  const answers = usePanelQueries(
    key,
    asked.map(({ query }) => query),
    enabled && widthPx > 0,
  );
  const exprs = asked.map(({ expr }) => expr);
  const before = useRef<{ exprs: string; data: PanelData } | null>(null);

  if (asked.length === 0) return { state: "empty", series: [], range: own, exprs, error: null, warnings: [], refreshing: false };
  const failed = answers.find((answer) => answer.isError);
  const pending = answers.some((answer) => answer.isPending);
  if (pending && !failed) {
    if (before.current?.exprs === exprs.join("\n")) return { ...before.current.data, refreshing: true };
    return { state: "loading", series: [], range: own, exprs, error: null, warnings: [], refreshing: true };
  }
  const series = answers.flatMap((answer, i) => {
    const { target, expr, step, query } = asked[i] as (typeof asked)[number];
    // Without a format Grafana repeats every label on every line; what all lines share tells nobody anything.
    const legendFormat = fillText(target.legendFormat, variables) || "__auto";
    return answer.data
      ? toSeries(answer.data.data, { refId: target.refId, expr, legendFormat, step: query.kind === "range" ? step : 0 })
      : [];
  });
  const data: PanelData = {
    state: series.some((one) => one.values.length > 0) ? "drawn" : failed ? "error" : "empty",
    series,
    range: own,
    exprs,
    error: failed?.error?.message ?? null,
    warnings: [...new Set(answers.flatMap((answer) => answer.data?.warnings ?? []))],
    refreshing: false,
  };
  before.current = { exprs: exprs.join("\n"), data };
  return data;
}
