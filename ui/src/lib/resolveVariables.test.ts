import { expect, it } from "vitest";
import type { Variable } from "../api/types/dashboard";
import { resolveVariables, valuesOf } from "./resolveVariables";
import { allKey, type VariableQuery } from "./variables";

const variable = (name: string, more: Partial<Variable>): Variable => ({
  name,
  type: "query",
  query: "",
  regex: "",
  multi: false,
  includeAll: false,
  hide: 0,
  sort: 0,
  options: [],
  current: [],
  ...more,
});

const answers: Record<string, string[]> = { job: ["node", "api"], instance: ["n1", "n2"] };
const asked: VariableQuery[] = [];
const ask = async (query: VariableQuery): Promise<string[]> => {
  asked.push(query);
  if (query.kind !== "labelValues" || !answers[query.label]) throw new Error("no such label");
  return answers[query.label] as string[];
};

const chain = [
  variable("job", { query: "label_values(up, job)", current: [{ text: "gone", value: "gone" }] }),
  variable("node", { query: 'label_values(up{job="$job"}, instance)', multi: true, includeAll: true }),
];

it("asks in order, so that a query may name the variable before it", async () => {
  const live = await resolveVariables(chain, {}, ask);
  expect(asked.at(-1)).toEqual({ kind: "labelValues", label: "instance", selector: 'up{job="node"}' });
  expect(live.map((one) => one.chosen)).toEqual([["node"], [allKey]]);
  expect(valuesOf(live).node).toEqual({ values: ["n1", "n2"], text: "All", isList: true });
});

it("follows the link", async () => {
  const live = await resolveVariables(chain, { job: ["api"], node: ["n2"] }, ask);
  expect(live.map((one) => one.value.values)).toEqual([["api"], ["n2"]]);
});

it("says why there are no options", async () => {
  const [live] = await resolveVariables([variable("x", { query: "label_values(nope)" })], {}, ask);
  expect([live?.error, live?.chosen]).toEqual(["no such label", []]);
});

it("knows custom lists, constants and data sources", async () => {
  const live = await resolveVariables(
    [
      variable("c", { type: "custom", options: [{ text: "One", value: "1" }], current: [{ text: "One", value: "1" }] }),
      variable("ds", { type: "datasource", current: [{ text: "default", value: "default" }] }),
    ],
    {},
    ask,
  );
  expect(live.map((one) => one.value.values)).toEqual([["1"], ["prometheus"]]);
});
