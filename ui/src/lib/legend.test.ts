import { expect, it } from "vitest";
import { fillLegend, legendNames, seriesName } from "./legend";

it.each([
  [{ __name__: "up", job: "a", instance: "b" }, 'up{instance="b", job="a"}'],
  [{ __name__: "up" }, "up"],
  [{ job: 'a"b' }, '{job="a\\"b"}'],
  [{}, "{}"],
])("names %j", (labels, name) => expect(seriesName(labels)).toBe(name));

it.each([
  ["{{method}} {{ endpoint }}", "GET /a"],
  ["95th percentile", "95th percentile"],
  ["{{missing}}!", "!"],
])("fills %s", (format, name) => expect(fillLegend(format, { method: "GET", endpoint: "/a" })).toBe(name));

it("uses what tells series apart when asked for automatic names", () => {
  expect(
    legendNames(
      "__auto",
      [
        { job: "a", env: "p" },
        { job: "b", env: "p" },
      ],
      "x",
    ),
  ).toEqual(["a", "b"]);
  expect(
    legendNames(
      "__auto",
      [
        { job: "a", i: "1" },
        { job: "b", i: "2" },
      ],
      "x",
    ),
  ).toEqual(['{i="1", job="a"}', '{i="2", job="b"}']);
});

it("falls back to the query for a single series without labels", () => expect(legendNames("", [{}], "sum(up)")).toEqual(["sum(up)"]));
