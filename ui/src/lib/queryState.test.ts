import { expect, it } from "vitest";
import { decodeQueryState, emptyPanel, encodeQueryState, type QueryPageState, queryPageLink } from "./queryState";

const states: QueryPageState[] = [
  { panels: [emptyPanel], range: { from: "now-1h", to: "now" } },
  {
    panels: [
      { expr: 'sum by (job) (rate(x{a="b&c=d"}[5m]))', tab: "table", stacked: false, trace: true, time: "2026-11-21 08:00:00", step: "" },
      { expr: "up\n+ 1", tab: "graph", stacked: true, trace: false, time: "", step: "15s" },
    ],
    range: { from: "1763732730000", to: "1763732790000" },
  },
];

it.each(states)("reads back what it wrote: %j", (state) => expect(decodeQueryState(encodeQueryState(state))).toEqual(state));

it("reads an address without state", () => expect(decodeQueryState("")).toEqual(states[0]));

it("reads links to Prometheus' page", () =>
  expect(decodeQueryState("?g0.expr=up&g0.tab=1").panels[0]).toMatchObject({ expr: "up", tab: "table" }));

it("links to several queries", () =>
  expect(decodeQueryState(queryPageLink(["a", "b"], null).split("?")[1] as string).panels).toHaveLength(2));
