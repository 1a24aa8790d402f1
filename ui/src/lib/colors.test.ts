import { expect, it } from "vitest";
import { continuousColor, cssColor, readableOn, withAlpha } from "./colors";

it.each([
  ["green", "#37b24d"],
  ["#abc", "#abc"],
  ["rgba(1, 2, 3, 0.5)", "rgba(1, 2, 3, 0.5)"],
  ["nonsense", "fallback"],
  [undefined, "fallback"],
])("%s is %s", (name, css) => expect(cssColor(name, "fallback")).toBe(css));

it("shades named colors", () => expect(cssColor("dark-red")).not.toBe(cssColor("red")));

it.each([
  ["#ff8000", "rgba(255, 128, 0, 0.5)"],
  ["#f80", "rgba(255, 136, 0, 0.5)"],
  ["rgb(1,2,3)", "rgba(1, 2, 3, 0.5)"],
  ["transparent", "transparent"],
])("%s at half opacity", (color, css) => expect(withAlpha(color, 0.5)).toBe(css));

it("goes from green to red", () => {
  expect(continuousColor("continuous-GrYlRd", 0)).toBe("rgb(55, 178, 77)");
  expect(continuousColor("continuous-GrYlRd", 2)).toBe("rgb(229, 72, 77)");
});

it("keeps text readable", () => {
  expect(readableOn("#f2c037")).toBe("#16202a");
  expect(readableOn("#1c5fd4")).toBe("#ffffff");
});
