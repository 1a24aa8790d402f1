import { expect, it } from "vitest";
import { describeHistogram, parseSample, toSeries, toTable } from "./results";

const naming = { refId: "A", expr: "up", legendFormat: "{{job}}", step: 10 };

it("reads a matrix, and leaves gaps for what cannot be drawn", () =>
  expect(
    toSeries(
      {
        resultType: "matrix",
        result: [
          {
            metric: { job: "a" },
            values: [
              [10, "1"],
              [20, "NaN"],
              [30, "+Inf"],
            ],
          },
        ],
      },
      naming,
    ),
  ).toMatchObject([{ name: "a", times: [10, 20, 30], values: [1, null, null] }]));

it("reads vectors and scalars", () => {
  expect(toSeries({ resultType: "vector", result: [{ metric: { job: "a" }, value: [10, "2.5"] }] }, naming)[0]?.values).toEqual([2.5]);
  expect(toSeries({ resultType: "scalar", result: [10, "7"] }, { ...naming, legendFormat: "" })).toMatchObject([
    { name: "up", values: [7] },
  ]);
});

it("draws a native histogram as its count", () =>
  expect(toSeries({ resultType: "vector", result: [{ metric: {}, histogram: [1, { count: "5", sum: "9" }] }] }, naming)[0]?.values).toEqual(
    [5],
  ));

it("joins the rows of two queries by their labels", () => {
  const one = (refId: string, name: string, value: number) => ({
    name: "",
    refId,
    expr: "",
    labels: { __name__: name, job: "a" },
    times: [1],
    values: [value],
    step: 0,
  });
  expect(toTable([one("A", "x", 1), one("B", "y", 2)])).toEqual({
    labelNames: ["job"],
    rows: [{ labels: { job: "a" }, values: { A: 1, B: 2 } }],
  });
});

it.each([
  ["+Inf", Number.POSITIVE_INFINITY],
  ["-Inf", Number.NEGATIVE_INFINITY],
  ["1e3", 1000],
])("reads %s", (text, value) => expect(parseSample(text)).toBe(value));

it("describes a histogram", () =>
  expect(describeHistogram({ count: "2", sum: "3", buckets: [[0, "0.5", "1", "2"]] })).toBe("count 2, sum 3, (0.5, 1]: 2"));
