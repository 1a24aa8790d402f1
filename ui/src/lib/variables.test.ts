import { describe, expect, it } from "vitest";
import { applyRegex, builtIns, fillQuery, fillText, parseVariableQuery, referencesOf, sortOptions } from "./variables";

const values = {
  job: { values: ["api"], text: "api", isList: false },
  node: { values: ["a:9100", "b.c"], text: "a:9100 + b.c", isList: true },
  all: { values: ["x", "y"], text: "All", isList: true, allValue: ".*" },
};

describe("fillQuery", () => {
  it.each([
    ['up{job="$job"}', 'up{job="api"}'],
    ['up{job="${job}"}', 'up{job="api"}'],
    ['up{job="[[job]]"}', 'up{job="api"}'],
    ['up{i=~"$node"}', 'up{i=~"(a:9100|b\\\\.c)"}'],
    ['up{i=~"${node:pipe}"}', 'up{i=~"a:9100|b.c"}'],
    ['up{i=~"${node:regex}"}', 'up{i=~"(a:9100|b\\.c)"}'],
    ["${node:csv}", "a:9100,b.c"],
    ['up{i=~"$all"}', 'up{i=~".*"}'],
    ["$unknown ${job}_total", "$unknown api_total"],
    ['label_replace(up, "a", "$1", "b", "(.*)")', 'label_replace(up, "a", "$1", "b", "(.*)")'],
  ])("%s", (text, expected) => expect(fillQuery(text, values)).toBe(expected));
});

it("shows people the text", () => expect(fillText("Nodes $node", values)).toBe("Nodes a:9100 + b.c"));

it("knows Grafana's built-in variables", () =>
  expect(fillQuery("rate(x[$__rate_interval]) offset $__interval [$__range]", builtIns({ fromMs: 0, toMs: 3_600_000 }, 30))).toBe(
    "rate(x[1m]) offset 30s [3600s]",
  ));

it("finds references", () =>
  expect([...referencesOf('label_values(up{job="$job",n="${node:regex}"}, [[x]])')]).toEqual(["job", "node", "x"]));

it.each([
  ["label_values(job)", { kind: "labelValues", label: "job", selector: "" }],
  ['label_values(up{a="b,c", d="e"}, instance)', { kind: "labelValues", label: "instance", selector: 'up{a="b,c", d="e"}' }],
  ["label_names()", { kind: "labelNames", selector: "" }],
  ["metrics(node_.*)", { kind: "metrics", pattern: "node_.*" }],
  ["query_result(topk(5, up))", { kind: "queryResult", expr: "topk(5, up)" }],
  ["up", { kind: "series", selector: "up" }],
  ["", null],
])("reads %s", (text, expected) => expect(parseVariableQuery(text)).toEqual(expected));

it("keeps and rewrites options by regular expression", () => {
  expect(applyRegex(["web-1", "db-2"], "/web-(.*)/")).toEqual([{ text: "1", value: "1" }]);
  expect(applyRegex(["a", "b"], "")).toHaveLength(2);
  expect(applyRegex(["a"], "/(/")).toHaveLength(1);
});

it("sorts numerically downwards", () =>
  expect(
    sortOptions(
      [
        { text: "n2", value: "" },
        { text: "n10", value: "" },
      ],
      4,
    ).map((o) => o.text),
  ).toEqual(["n10", "n2"]));
