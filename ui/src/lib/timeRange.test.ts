import { expect, it } from "vitest";
import { lengthOfPreset, parseMoment, resolveRange, shiftRange } from "./timeRange";

const now = new Date(2026, 10, 21, 13, 45, 30).getTime();

it.each([
  ["now", now],
  ["now-1h", now - 3_600_000],
  ["now+30s", now + 30_000],
  ["now/d", new Date(2026, 10, 21).getTime()],
  ["now-1d/d", new Date(2026, 10, 20).getTime()],
  ["now/w", new Date(2026, 10, 16).getTime()],
  ["1763732730000", 1763732730000],
  ["2026-11-21T00:00:00Z", Date.UTC(2026, 10, 21)],
  ["yesterday", null],
])("parses %s", (text, ms) => expect(parseMoment(text, now)).toBe(ms));

it("rounds the end of a range up", () => expect(parseMoment("now/d", now, true)).toBe(new Date(2026, 10, 22).getTime() - 1));

it("never gives an empty range", () => {
  const { fromMs, toMs } = resolveRange({ from: "now", to: "now-1h" }, now);
  expect(toMs).toBeGreaterThan(fromMs);
});

it("knows presets", () => {
  expect(lengthOfPreset({ from: "now-6h", to: "now" })).toBe("6h");
  expect(lengthOfPreset({ from: "now-6h", to: "now-1h" })).toBeNull();
});

it("zooms out around the middle", () => expect(shiftRange({ fromMs: 1000, toMs: 2000 }, "out")).toEqual({ from: "500", to: "2500" }));
