import { expect, it } from "vitest";
import { formatMatchers, matchersFor, matchesLabels, parseMatchers } from "./matchers";

it.each([
  ['severity="critical"', 'severity="critical"'],
  ['{a=~"x|y", b!="z"}', 'a=~"x|y", b!="z"'],
  ["a=b,c!~d.*", 'a="b", c!~"d.*"'],
  ['a="say \\"hi\\""', 'a="say \\"hi\\""'],
  ["", ""],
])("reads %s", (text, expected) => expect(formatMatchers(parseMatchers(text) ?? [])).toBe(expected));

it.each(["=x", "a", 'a="', "a=b c"])("refuses %s", (text) => {
  const parsed = parseMatchers(text);
  expect(text === "a=b c" ? parsed?.[0]?.value : parsed).toBe(text === "a=b c" ? "b c" : null);
});

it("selects alerts", () => {
  const labels = { a: "x", b: "" };
  expect(matchesLabels(matchersFor(labels), labels)).toBe(true);
  expect(matchesLabels(parseMatchers('a=~"x|y", c=""') ?? [], labels)).toBe(true);
  expect(matchesLabels(parseMatchers("a!=x") ?? [], labels)).toBe(false);
});
