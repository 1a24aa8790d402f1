import { expect, it } from "vitest";
import { rateIntervalMs, stepFor } from "./step";

it.each([
  [3_600_000, 600, null, 10],
  [3_600_000, 600, "30s", 30],
  [300_000, 1000, null, 1],
  [86_400_000, 500, null, 300],
  [86_400_000, 500, "7m", 600],
  [90 * 86_400_000, 700, null, 21600],
])("range %s ms, %s points, at least %s: %s s", (rangeMs, points, minInterval, step) =>
  expect(stepFor({ rangeMs, points, minInterval })).toBe(step),
);

it("never asks for more than 11,000 points", () =>
  expect((365 * 86400) / stepFor({ rangeMs: 365 * 86_400_000, points: 1e9 })).toBeLessThanOrEqual(11_000));

it("gives rate four scrapes", () => {
  expect(rateIntervalMs(10)).toBe(60_000);
  expect(rateIntervalMs(300)).toBe(315_000);
});
