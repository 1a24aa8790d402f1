import { describe, expect, it } from "vitest";
import type { FieldConfig } from "../api/types/dashboard";
import { displayValue, lookOf, mappingFor, thresholdColor, valueColor } from "./fields";

const config: FieldConfig = {
  defaults: { unit: "bytes", mappings: [], custom: { lineWidth: 1 } },
  overrides: [
    {
      matcher: { id: "byName", options: "cpu" },
      properties: [
        { id: "unit", value: "percent" },
        { id: "custom.lineWidth", value: 3 },
      ],
    },
    { matcher: { id: "byRegexp", options: "/^disk.*/" }, properties: [{ id: "color", value: { mode: "fixed", fixedColor: "#123456" } }] },
    { matcher: { id: "byNames", options: { mode: "exclude", names: ["cpu"] } }, properties: [{ id: "custom.hidden", value: true }] },
    { matcher: { id: "byFrameRefID", options: "B" }, properties: [{ id: "decimals", value: 0 }] },
  ],
};

describe("lookOf", () => {
  it("applies overrides by name without touching the defaults", () => {
    const look = lookOf(config, { name: "cpu", refId: "A" });
    expect([look.unit, look.custom.lineWidth, look.custom.hidden]).toEqual(["percent", 3, undefined]);
    expect(config.defaults.custom.lineWidth).toBe(1);
  });
  it("applies overrides by pattern, exclusion and query", () => {
    const look = lookOf(config, { name: "disk1", refId: "B" });
    expect([look.color?.fixedColor, look.custom.hidden, look.decimals]).toEqual(["#123456", true, 0]);
  });
});

const steps = [{ color: "green" }, { color: "orange", value: 70 }, { color: "red", value: 90 }];

it.each([
  [10, "absolute", undefined, "green"],
  [70, "absolute", undefined, "orange"],
  [99, "absolute", undefined, "red"],
  [0.8, "percentage", 1, "orange"],
  [null, "absolute", undefined, "green"],
])("%s with %s thresholds is in %s", (value, mode, max, color) => expect(thresholdColor(value, { mode, steps }, 0, max)).toBe(color));

it.each([
  [0, { text: "Down" }],
  [1, { text: "Up" }],
  [5, { text: "some" }],
  [null, { text: "N/A" }],
  [50, null],
])("maps %s", (value, result) =>
  expect(
    mappingFor(value, [
      { type: "value", options: { "0": { text: "Down" }, "1": { text: "Up" } } },
      { type: "range", options: { from: 2, to: 9, result: { text: "some" } } },
      { type: "special", options: { match: "null", result: { text: "N/A" } } },
    ]),
  ).toEqual(result),
);

it("shows a value in its unit", () => expect(displayValue(2048, config.defaults)).toBe("2 KiB"));

it("colors by threshold unless the color is fixed", () => {
  const look = { mappings: [], custom: {}, thresholds: { mode: "absolute", steps } };
  expect(valueColor(95, look)).toBe("#e5484d");
  expect(valueColor(95, { ...look, color: { mode: "fixed", fixedColor: "#000000" } })).toBe("#000000");
});
