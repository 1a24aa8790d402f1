import { expect, it } from "vitest";
import { formatAge, formatDuration, parseDuration } from "./durations";

it.each([
  ["30s", 30_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  ["1.5h", 5_400_000],
  ["15", 15_000],
  [">10s", 10_000],
  ["2w", 1_209_600_000],
  ["", null],
  ["5 minutes", null],
  ["m", null],
])("parses %s", (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each([
  [90_000, "1m30s"],
  [86_400_000, "1d"],
  [1, "1ms"],
  [0, "0s"],
])("formats %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  [12, "12ms"],
  [61_000, "1m 1s"],
  [90_061_000, "1d 1h"],
])("ages %s", (ms, text) => expect(formatAge(ms)).toBe(text));
