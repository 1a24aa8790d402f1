import { describe, expect, it } from "vitest";
import { formatTick, formatValue } from "./units";

describe("formatValue", () => {
  it.each([
    [0, "short", "0"],
    [1234, "short", "1.23 K"],
    [5_200_000, "short", "5.2 Mil"],
    [999.95, "none", "1000"],
    [0.000123, "none", "0.000123"],
    [12, undefined, "12"],
    [1024, "bytes", "1 KiB"],
    [1_500_000_000, "bytes", "1.4 GiB"],
    [1_500_000_000, "decbytes", "1.5 GB"],
    [2048, "kbytes", "2 MiB"],
    [512, "binBps", "512 B/s"],
    [125_000, "bps", "125 kb/s"],
    [42.123, "percent", "42.1%"],
    [0.4567, "percentunit", "45.7%"],
    [0.0042, "s", "4.2 ms"],
    [0, "s", "0 s"],
    [90, "s", "1.5 min"],
    [7200, "s", "2 h"],
    [250, "ms", "250 ms"],
    [1500, "ms", "1.5 s"],
    [0.0000005, "s", "500 ns"],
    [172800, "s", "2 d"],
    [12.5, "reqps", "12.5 req/s"],
    [12500, "reqps", "12.5 K req/s"],
    [3_000_000_000, "hertz", "3 GHz"],
    [36.6, "celsius", "36.6 °C"],
    [1, "bool_yes_no", "Yes"],
    [0, "bool", "False"],
    [5, "suffix:jobs", "5 jobs"],
    [5, "prefix:#", "#5"],
    [1200, "currencyUSD", "$1.2 K"],
    [7, "unheard", "7 unheard"],
    [Number.POSITIVE_INFINITY, "s", "+∞"],
    [Number.NaN, "s", "–"],
    [null, "s", "–"],
    [-0.0001, "short", "-0.0001"],
    [-2048, "bytes", "-2 KiB"],
  ])("%s in %s is %s", (value, unit, expected) => expect(formatValue(value, unit)).toBe(expected));

  it.each([
    [12.3456, "short", 2, "12.35"],
    [1, "percent", 1, "1.0%"],
    [-0.001, "none", 1, "0.0"],
  ])("%s in %s with %s decimals is %s", (value, unit, decimals, expected) => expect(formatValue(value, unit, decimals)).toBe(expected));
});

describe("formatTick", () => {
  it.each([
    [0.25, 0.05, "short", "0.25"],
    [0.3, 0.1, "s", "300 ms"],
    [0.0025, 0.0025, "short", "0.0025"],
    [0.0075, 0.0025, "short", "0.0075"],
    [33.3333, 33.3333, "short", "33.3333"],
    [1500, 500, "short", "1.5 K"],
    [2000, 500, "short", "2 K"],
    [0.5, 0.1, "percentunit", "50%"],
    [1073741824, 268435456, "bytes", "1 GiB"],
    [0, 10, "bytes", "0 B"],
  ])("%s, ticks %s apart, in %s is %s", (value, increment, unit, expected) => expect(formatTick(value, increment, unit)).toBe(expected));
});
