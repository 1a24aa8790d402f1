import type { AbsoluteRange, TimeRange } from "./timeRange";

/** The query page's state as its address has it. */
export interface QueryPanelState {
  expr: string;
  tab: "graph" | "table";
  stacked: boolean;
  /** Show where the query's time went. */
  trace: boolean;
  /** Moment of the table, as the reader wrote it; empty for now. */
  time: string;
  /** Seconds between points, as the reader wrote it; empty for automatic. */
  step: string;
}

export interface QueryPageState {
  panels: QueryPanelState[];
  range: TimeRange;
}

export const emptyPanel: QueryPanelState = { expr: "", tab: "graph", stacked: false, trace: false, time: "", step: "" };

/** `g0.expr=…&g0.tab=table&g1.expr=…&from=now-1h&to=now`: numbered like Prometheus' own page. */
export function encodeQueryState({ panels, range }: QueryPageState): string {
  const params = new URLSearchParams();
  panels.forEach(({ expr, tab, stacked, trace, time, step }, i) => {
    params.set(`g${i}.expr`, expr);
    if (tab !== "graph") params.set(`g${i}.tab`, tab);
    if (stacked) params.set(`g${i}.stacked`, "1");
    if (trace) params.set(`g${i}.trace`, "1");
    if (time) params.set(`g${i}.time`, time);
    if (step) params.set(`g${i}.step`, step);
  });
  params.set("from", range.from);
  params.set("to", range.to);
  return params.toString();
}

/** Also reads links to Prometheus' page, where tab 1 is the table. */
export function decodeQueryState(search: string): QueryPageState {
  const params = new URLSearchParams(search);
  const panels: QueryPanelState[] = [];
  for (let i = 0; params.has(`g${i}.expr`); i++) {
    const tab = params.get(`g${i}.tab`);
    panels.push({
      expr: params.get(`g${i}.expr`) ?? "",
      tab: tab === "table" || tab === "1" ? "table" : "graph",
      stacked: params.get(`g${i}.stacked`) === "1",
      trace: params.get(`g${i}.trace`) === "1",
      time: params.get(`g${i}.time`) ?? "",
      step: params.get(`g${i}.step`) ?? "",
    });
  }
  return {
    panels: panels.length > 0 ? panels : [{ ...emptyPanel }],
    range: { from: params.get("from") ?? "now-1h", to: params.get("to") ?? "now" },
  };
}

/** A link to the query page with these queries. */
export function queryPageLink(exprs: readonly string[], range?: AbsoluteRange | null, tab: "graph" | "table" = "graph"): string {
  const panels = exprs.map((expr) => ({ ...emptyPanel, expr, tab }));
  const shown = range && Math.abs(range.toMs - Date.now()) > 120_000;
  const length = range ? Math.max(60, Math.round((range.toMs - range.fromMs) / 1000)) : 3600;
  return `/query?${encodeQueryState({ panels, range: shown ? { from: String(range.fromMs), to: String(range.toMs) } : { from: `now-${length}s`, to: "now" } })}`;
}
